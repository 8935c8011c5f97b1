import { safe } from "@runpod-stack/kit";
import { Hono } from "hono";
import { ApiError } from "./core/problem";
import { errorResponse } from "./http/answers";
import type { Env, Services } from "./http/services";
import { describedMethods } from "./http/validation";
import { guardGraphql, guardRest, guardServerless } from "./middleware/authenticate";
import { injectFaults } from "./middleware/inject-faults";
import { keep } from "./middleware/keep";
import { observe } from "./middleware/observe";
import { record } from "./middleware/record";
import { refuseForeign } from "./middleware/refuse-foreign";
import { costCenters } from "./objects/cost-centers";
import { delegations } from "./objects/delegations";
import { globalVolumes } from "./objects/global-volumes";
import { registries } from "./objects/registries";
import { secrets } from "./objects/secrets";
import { tags } from "./objects/tags";
import { enforceTimers } from "./pods/timer";
import { controlRoutes } from "./routes/control";
import { graphqlRoutes } from "./routes/graphql";
import { jobRoutes } from "./routes/jobs";
import { loadBalancerRoutes } from "./routes/load-balancer";
import { proxyRoutes } from "./routes/proxy";
import { v1NetworkVolumeRoutes } from "./routes/v1/network-volumes";
import { v1PodRoutes } from "./routes/v1/pods";
import { v1TemplateRoutes } from "./routes/v1/templates";
import { costCenterResourceRoutes, tagResourceRoutes } from "./routes/v2/attributions";
import { catalogRoutes } from "./routes/v2/catalog";
import { clusterRoutes } from "./routes/v2/clusters";
import { logRoutes, workerLogRoutes } from "./routes/v2/logs";
import { networkVolumeRoutes } from "./routes/v2/network-volumes";
import { objectRoutes } from "./routes/v2/objects";
import { podRoutes } from "./routes/v2/pods";
import { serverlessRoutes } from "./routes/v2/serverless";
import { sshKeyRoutes } from "./routes/v2/ssh-keys";
import { templateRoutes } from "./routes/v2/templates";
import { enforceBalances } from "./serverless/empty-balance";
import { advanceServerless } from "./serverless/life";

/** The emulator's routes and middleware. */
export function createApp(services: Services): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, c) =>
    error instanceof ApiError
      ? errorResponse(c.req.path, error)
      : failure(services, c.req.path, error),
  );
  app.notFound((c) => unknownRoute(c.req.method, c.req.path));

  app.use("*", observe(services));
  app.use("*", refuseForeign());
  app.use("*", record(services));
  app.use("*", keep(services));
  app.use("*", async (_, next) => {
    advanceServerless(services.world);
    enforceBalances(services.world);
    enforceTimers(services.world);
    await next();
    await services.ssh?.settle();
  });
  app.route("/_emulator", controlRoutes(services));

  app.use("*", injectFaults(services));
  app.route("/proxy", proxyRoutes(services));

  app.use("/serverless/v2/*", guardServerless(services));
  app.route("/serverless/v2", jobRoutes(services));
  app.use("/lb/*", guardServerless(services));
  app.route("/lb", loadBalancerRoutes(services));

  app.use("/graphql", guardGraphql(services));
  app.route("/graphql", graphqlRoutes(services));

  if (services.restV1) {
    app.use("/v1/*", guardRest(services));
    app.route("/v1/pods", v1PodRoutes(services));
    app.route("/v1/templates", v1TemplateRoutes(services));
    app.route("/v1/networkvolumes", v1NetworkVolumeRoutes(services));
  } else {
    app.all("/v1/*", retired);
  }

  app.use("/v2/*", guardRest(services));
  app.route("/v2/account/ssh-keys", sshKeyRoutes());
  app.route("/v2/catalog", catalogRoutes(services));
  app.route("/v2/pods", podRoutes(services));
  app.route("/v2/pods", logRoutes(services));
  app.route("/v2/clusters", clusterRoutes(services));
  app.route("/v2/serverless", serverlessRoutes(services));
  app.route("/v2/serverless", workerLogRoutes(services));
  app.route("/v2/registries/delegations", objectRoutes(services, delegations));
  app.route("/v2/registries", objectRoutes(services, registries));
  app.route("/v2/account/secrets", objectRoutes(services, secrets));
  app.route("/v2/tags", objectRoutes(services, tags));
  app.route("/v2/tags", tagResourceRoutes());
  app.route("/v2/cost-centers", objectRoutes(services, costCenters));
  app.route("/v2/cost-centers", costCenterResourceRoutes(services));
  app.route("/v2/global-volumes", objectRoutes(services, globalVolumes));
  app.route("/v2/templates", templateRoutes(services));
  app.route("/v2/network-volumes", networkVolumeRoutes(services));
  return app;
}

/** RunPod retired REST v1 on November 16, 2026. */
function retired(): never {
  throw new ApiError(
    410,
    "REST v1 was retired by RunPod in November 2026. Use REST v2, or start the emulator with --rest-v1.",
  );
}

/** The stack trace goes to the log only, because an answer may be shown anywhere. */
function failure({ log }: Services, path: string, error: Error): Response {
  log(safe`error ${JSON.stringify(error.stack)}`);
  return errorResponse(path, new ApiError(500, `the emulator failed: ${error.message}`));
}

/** Names what is missing, so that a gap is not mistaken for an answer. */
function unknownRoute(method: string, path: string): Response {
  const version = path.startsWith("/v1/") ? "v1" : path.startsWith("/v2/") ? "v2" : null;
  const described = version
    ? describedMethods(version, version === "v1" ? path.slice(3) : path)
    : [];
  if (path.endsWith("/") && described.length > 0) {
    return errorResponse(path, new ApiError(404, `no route ${method} ${path}: remove the last /`));
  }
  if (described.includes(method)) {
    return errorResponse(
      path,
      new ApiError(501, `${method} ${path} is part of RunPod's API and is not emulated`),
    );
  }
  if (described.length > 0) {
    const refusal = new ApiError(405, "The requested method is not allowed for this path.");
    return errorResponse(path, refusal, { allow: described.join(", ") });
  }
  return errorResponse(
    path,
    new ApiError(501, `unknown route: the emulator has no ${method} ${path}`),
  );
}
