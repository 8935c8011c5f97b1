import { hexId } from "./ids";
import type { VllmServed } from "./served";

/** `GET /v1/models`. */
export function models({ names, root, maxModelLen }: VllmServed, startedAt: number): Response {
  const created = Math.floor(startedAt / 1000);
  const data = names.map((id, index) => ({
    id,
    object: "model",
    created,
    owned_by: "vllm",
    root,
    parent: null,
    max_model_len: maxModelLen,
    permission: [
      {
        id: `modelperm-${hexId(index + 1)}`,
        object: "model_permission",
        created,
        allow_create_engine: false,
        allow_sampling: true,
        allow_logprobs: true,
        allow_search_indices: false,
        allow_view: true,
        allow_fine_tuning: false,
        organization: "*",
        group: null,
        is_blocking: false,
      },
    ],
  }));
  return Response.json({ object: "list", data });
}
