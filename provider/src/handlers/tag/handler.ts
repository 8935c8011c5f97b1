import type { CreateTagRequest, NamedTag, UpdateTagRequest } from "../../api";
import { fromWire, type TagInputs, tagFields, toWire } from "../../schema";
import { namedHandler } from "../lifecycle/named-handler";

/** Tags by themselves. The input `tags` of other resources puts tags on objects. */
export const tagHandler = namedHandler<TagInputs, NamedTag, CreateTagRequest, UpdateTagRequest>({
  kind: "Tag",
  fields: tagFields,
  objects: ({ tags, api }) => ({ snapshot: tags, api: api.tags }),

  body: (inputs, fields) => toWire(tagFields, inputs, fields),
  observed: (tag) => fromWire(tagFields, tag, {}),
  fits: () => true,

  deletion: ({ api }, id) => ({
    // RunPod also accepts the deletion of a tag that another account has.
    async remove() {
      await api.tags.get(id);
      await api.tags.delete(id);
    },
  }),
});
