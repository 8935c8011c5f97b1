import { jobService, takesJobs } from "../handlers/job-handler";
import { placeholderHandler } from "../handlers/placeholder";
import type { Process, Program, Service } from "../machine";
import { forever, seconds } from "../machine";

/** nginx; started without `daemon off;` it goes into the background. */
export function* serveNginx(process: Process, args: readonly string[]): Program {
  if (args.join(" ").includes("daemon off")) {
    return yield* serveNginxInForeground(process);
  }
  process.machine.spawn(serveNginxInForeground(process));
  return 0;
}

export function* serveHttpd({ machine }: Process): Program {
  yield seconds(1);
  machine.listen(page(80, "Apache/2.4.66", "It works!"));
  return yield* forever();
}

/** `python3 -m http.server [port] [--bind address]`. */
export function* servePythonFiles({ machine }: Process, args: readonly string[]): Program {
  const bound = args.findIndex((arg) => arg === "--bind" || arg === "-b");
  const host = bound < 0 ? "0.0.0.0" : (args[bound + 1] ?? "");
  const port = Number(
    args.find((arg, index) => /^\d+$/.test(arg) && (bound < 0 || index !== bound + 1)) ?? 8000,
  );
  yield seconds(0.5);
  machine.print(`Serving HTTP on ${host} port ${port} (http://${host}:${port}/) ...`);
  machine.listen({ ...page(port, "SimpleHTTP/0.6", "Directory listing for /"), host });
  return yield* forever();
}

export function* serveJupyter({ machine }: Process, args: readonly string[]): Program {
  const line = args.join(" ");
  const port = Number(line.match(/--port[= ](\d+)/)?.[1] ?? 8888);
  const host = line.match(/--ip[= ]'?([\w.*:]+)/)?.[1] ?? "127.0.0.1";
  yield seconds(3);
  machine.print(`[I ServerApp] Jupyter Server is running at: http://${machine.podId}:${port}/lab`);
  machine.listen({ ...page(port, "TornadoServer/6.5", "JupyterLab"), host });
  return yield* forever();
}

/** The start script of RunPod's own images: SSH, Jupyter if a password is set, and then nothing. */
export function* runpodStart({ machine, env }: Process): Program {
  machine.print("Starting Nginx service...", " * Starting nginx nginx", "Pod Started");
  if (env["PUBLIC_KEY"]) {
    machine.print("Setting up SSH...", " * Starting OpenBSD Secure Shell server sshd");
  }
  yield seconds(2);
  if (env["JUPYTER_PASSWORD"]) {
    machine.print("Starting Jupyter Lab...", "Jupyter Lab started");
    machine.listen(page(8888, "TornadoServer/6.5", "JupyterLab"));
  }
  machine.print(
    "Exporting environment variables...",
    "Start script(s) finished, Pod is ready to use.",
  );
  return yield* forever();
}

/** RunPod's Serverless worker has no queue on a Pod. */
export function* runServerlessWorker({ machine }: Process): Program {
  yield seconds(5);
  machine.print("--- Starting Serverless Worker |  Version 1.7.13 ---");
  yield seconds(1);
  machine.print("WARN   | test_input.json not found, exiting.");
  return 1;
}

/** A program that the emulator does not know is replaced by a page on the exposed ports, which says so. */
export function* serveThirdParty({ machine, argv, env }: Process): Program {
  yield seconds(3);
  const { known, repository, reference } = machine.image;
  const [program = ""] = argv;
  const what = known
    ? `The emulator does not run ${program}`
    : `The image ${reference} is unknown to the emulator`;
  if (takesJobs(env)) {
    machine.announce(`${what}; a placeholder handler returns the input of each job.`);
    machine.listen(jobService(placeholderHandler(reference), env));
    return yield* forever();
  }
  machine.announce(`${what}; a placeholder page answers on the pod's HTTP ports.`);
  for (const port of machine.httpPorts) {
    machine.print(`Listening on port ${port}`);
    machine.listen(placeholder(page(port, repository, reference)));
  }
  return yield* forever();
}

/** Without a script, Node reads the end of its input immediately. */
export function* runNode(process: Process, args: readonly string[]): Program {
  return args.length === 0 ? 0 : yield* serveThirdParty(process);
}

function* serveNginxInForeground({ machine }: Process): Program {
  yield seconds(1);
  machine.print("/docker-entrypoint.sh: Configuration complete; ready for start up");
  machine.listen(page(80, "nginx/1.29.3", "Welcome to nginx!"));
  return yield* forever();
}

/** Marks every answer of a service. */
function placeholder(service: Service): Service {
  return {
    ...service,
    async handle(request, now, onSent) {
      const answer = await service.handle(request, now, onSent);
      answer.headers.set("x-runpod-emulator", "placeholder");
      return answer;
    },
  };
}

/** A server that answers every request with one HTML page. */
function page(port: number, server: string, title: string): Service {
  const html = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return {
    port,
    host: "0.0.0.0",
    handle: () => new Response(html, { headers: { "content-type": "text/html", server } }),
  };
}
