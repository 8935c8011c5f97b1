import { v1Document, v2Document } from "../../openapi/src";
import patches1 from "../../openapi/src/patches/v1.json";
import patches2 from "../../openapi/src/patches/v2.json";
import published1 from "../../openapi/src/published/v1.json";
import published2 from "../../openapi/src/published/v2.json";

const V1 = { published: published1, patched: v1Document() };
const V2 = { published: published2, patched: v2Document() };

/** For each patch, the place that proves it, with its value before and after. */
const PROOFS: Readonly<Record<string, () => void>> = {
  "ports-default-is-a-list": () => {
    for (const input of [
      "PodCreateInput",
      "PodUpdateInput",
      "TemplateCreateInput",
      "TemplateUpdateInput",
    ]) {
      const place = `components.schemas.${input}.properties.ports`;
      expect(V1.published).toHaveProperty(place, {
        type: "array",
        items: { type: "string" },
        default: "8888/http,22/tcp",
      });
      expect(V1.patched).toHaveProperty(place, {
        type: "array",
        items: { type: "string" },
        default: ["8888/http", "22/tcp"],
      });
    }
  },
  "last-event-id-is-a-plain-string": () => {
    const place = "components.parameters.LogLastEventID.schema";
    expect(V2.published).toHaveProperty(place, { type: "string", format: "date-time" });
    expect(V2.patched).toHaveProperty(place, { type: "string" });
  },
  "load-balancer-condition-is-a-part": () => {
    const { then } = published2.components.schemas.CreateEndpointRequest;
    const place = "components.schemas.CreateEndpointRequest";
    expect(V2.published).not.toHaveProperty(`${place}.allOf.3`);
    expect(V2.patched).toHaveProperty(`${place}.then`, {});
    expect(V2.patched).toHaveProperty(`${place}.allOf.3.then`, then);
  },
};

describe.each([...patches1, ...patches2])("the patch $name", ({ name, reason, operations }) => {
  test("says why it is needed", () => {
    expect(reason).toMatch(/^[A-Z`].{30,}\.$/);
    expect(operations.length).toBeGreaterThan(0);
  });

  test("does what it says, to what RunPod has published", () => {
    expect(Object.keys(PROOFS)).toContain(name);
    PROOFS[name]?.();
  });
});

test("each proof has its patch, and each name is unique", () => {
  const names = [...patches1, ...patches2].map(({ name }) => name);
  expect(Object.keys(PROOFS).sort()).toEqual([...names].sort());
});
