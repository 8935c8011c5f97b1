import type { Pod } from "../../api";
import { podBill, priceText } from "./bill";
import type { Context } from "./context";
import type { TokenedKind } from "./tokened";

/** Pods, as objects that carry their creation token. */
export const PODS: TokenedKind<Pod> = {
  kind: "Pod",
  noun: "pod",
  objects: ({ pods, api }) => ({ snapshot: pods, api: api.pods }),
  isAlive: ({ status }) => status !== "TERMINATED",
  price: ({ cost }) => priceText(cost),
  bill: podBill,
  async remove(context, { id, locked }) {
    if (locked) {
      await unlock(context, id);
    }
    await context.api.pods.delete(id);
  },
};

/** Whether a pod still exists for its account. */
export const { isAlive } = PODS;

/** Removes the protection against being stopped or reset. */
export function unlock(context: Context, id: string): Promise<Pod> {
  return context.api.pods.update(id, { locked: false });
}
