import { formatFaults } from "../../../policies/src/formats";
import type { KnownList } from "../../../policies/src/input-values";
import { type Known, UNKNOWN } from "../../../policies/src/known";

const faults = (...args: Parameters<typeof formatFaults>) =>
  formatFaults(...args).map(
    ({ certainty, field, message, remedy }) => `${certainty} ${field}: ${message} ${remedy}`,
  );
const IMAGE = "Write it as for `docker pull`, for example vllm/vllm-openai:v0.20.0.";

test.each<Known<string>>([
  undefined,
  UNKNOWN,
  "a",
  "a/b:v1@sha256:c",
  "localhost:5000/a",
  "9http://a",
])("the image %p is well-formed", (image) => {
  expect(faults(image, undefined)).toEqual([]);
});

test.each([
  ["https://a/b", `imageName "https://a/b" must be an image name, not a URL. ${IMAGE}`],
  ["DOCKER://a b", `imageName "DOCKER://a b" must be an image name, not a URL. ${IMAGE}`],
  ["a b", `imageName "a b" must not contain spaces. ${IMAGE}`],
  [`a\n${"b".repeat(300)}`, `imageName "a\\n${"b".repeat(198)}" must not contain spaces. ${IMAGE}`],
])("the image %j is refused", (image, fault) => {
  expect(faults(image, undefined)).toEqual([`certain imageName: ${fault}`]);
});

test.each<[ports: KnownList]>([
  [["8000/http", "22/TCP", "65535/tcp", UNKNOWN]],
  [[]],
  [UNKNOWN],
  [undefined],
])("the ports %p are well-formed", (ports) => {
  expect(faults(undefined, ports)).toEqual([]);
});

test.each([
  ["8000", "8000"],
  ["8000/udp", "8000"],
  ["x8000/http", "8000"],
  ["8000/httpx", "8000"],
  ["123456/http", "123456"],
  ["/http", "8000"],
  ["http", "8000"],
])("the port %j is refused", (port, number) => {
  expect(faults(undefined, ["80/http", port, "other"])).toEqual([
    `certain ports: ports "${port}" must be a port number and a protocol, http or tcp. Write "${number}/http" for a web service, or "${number}/tcp".`,
  ]);
});

test("a long port is shown in part, after a fault of the image", () => {
  const [image, port] = faults("a b", ["x".repeat(300)]);
  expect(image).toContain("imageName");
  expect(port).toContain(`ports "${"x".repeat(200)}" must`);
});
