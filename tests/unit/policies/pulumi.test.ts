import { typeToken } from "@runpod-stack/provider/schema";
import { UNKNOWN } from "../../../policies/src/known";
import { isJudged, specOfResource } from "../../../policies/src/pulumi";

const KINDS = ["Pod", "Template", "Volume", "PodEndpoint", "ServerlessEndpoint"] as const;

test.each(KINDS)("a %s is checked", (kind) => {
  expect(isJudged(typeToken(kind))).toBe(true);
  expect(specOfResource(typeToken(kind), {})).toMatchObject({ kind });
});

test("resources of other types are not", () => {
  expect(isJudged("aws:s3/bucket:Bucket")).toBe(false);
  expect(specOfResource("aws:s3/bucket:Bucket", {})).toBeUndefined();
});

test("a volume is protected or not", () => {
  const volume = (options?: { protect?: boolean }) =>
    specOfResource(typeToken("Volume"), {}, options);
  expect(volume({ protect: true })).toMatchObject({ isProtected: true });
  expect(volume({ protect: false })).toMatchObject({ isProtected: false });
  expect(volume()).toMatchObject({ isProtected: false });
});

test.each([
  [{}, undefined],
  [{ templateId: "a" }, UNKNOWN],
  [{ templateId: "a", templateResolved: true }, undefined],
  [{ templateId: "a", templateResolved: "true" }, UNKNOWN],
  [{ templateId: "a", __resolved: true }, undefined],
  [{ templateId: "a", __resolved: 1 }, UNKNOWN],
])("a template may set what %j leaves open: %p", (props, volumeInGb) => {
  expect(specOfResource(typeToken("Pod"), props)).toMatchObject({ volumeInGb });
});
