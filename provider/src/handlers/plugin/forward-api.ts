import type { RunpodApi } from "../../api";

/** Makes a call, or sees to it that it is made. */
type Ask = (ask: (api: RunpodApi) => Promise<unknown>) => Promise<unknown>;

/**
 * An API whose every call, at both levels, goes through `call`.
 * @param current whose account and clock it shows
 * @param shape has the methods that there are
 */
export function forward(current: () => RunpodApi, call: Ask, shape: RunpodApi): RunpodApi {
  const group = (name: keyof RunpodApi) =>
    new Proxy(shape[name] as object, {
      get:
        (_, method) =>
        (...values: unknown[]) =>
          call((api) => Reflect.apply(Reflect.get(api[name] as object, method), api[name], values)),
    });
  return new Proxy(shape, {
    get: (_, name: keyof RunpodApi) => {
      if (name === "account" || name === "serverNow") return current()[name];
      if (typeof shape[name] !== "function") return group(name);
      return (...values: unknown[]) =>
        call((api) =>
          Reflect.apply(api[name] as (...v: unknown[]) => Promise<unknown>, api, values),
        );
    },
  });
}
