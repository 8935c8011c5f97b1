import {
  type Place,
  storedPlace,
  unsatisfied,
} from "../../../../provider/src/handlers/pod/satisfies";
import { UNKNOWN, type Values } from "../../../../provider/src/schema";

const here: Place = { processor: "NVIDIA L40S", dataCenterId: "EU-RO-1", cudaVersion: "12.8" };

const satisfied: readonly (readonly [string, Values, Place?])[] = [
  ["nothing is asked for", {}],
  ["the GPU is among those accepted", { gpuTypeIds: ["NVIDIA A40", "NVIDIA L40S"] }],
  ["the GPU's name differs by spaces alone", { gpuTypeIds: ["NVIDIA  L40S "] }],
  ["the CPU flavor is among those accepted", { cpuFlavorIds: ["cpu3c"] }, { processor: "cpu3c" }],
  ["the data center is among those accepted", { dataCenterIds: ["US-KS-2", "EU-RO-1"] }],
  ["any data center is accepted", { dataCenterIds: [] }],
  ["the CUDA version is listed", { allowedCudaVersions: ["12.8"] }],
  ["the CUDA version is the floor", { minCudaVersion: "12.8" }],
  ["the CUDA version is above the floor", { minCudaVersion: "12.2" }, { cudaVersion: "12.11" }],
  ["the CUDA version is of a later line", { minCudaVersion: "12.9" }, { cudaVersion: "13.0" }],
  [
    "nothing is known of the place",
    { gpuTypeIds: ["a"], dataCenterIds: ["b"], minCudaVersion: "99.0" },
    {},
  ],
  [
    "the place is null until RunPod has placed it",
    { dataCenterIds: ["b"] },
    { dataCenterId: null },
  ],
  ["the floor is not known yet", { minCudaVersion: UNKNOWN }],
];

for (const [what, inputs, place = here] of satisfied) {
  test(`a pod may stay where it is if ${what}`, () => {
    expect(unsatisfied(inputs, place)).toEqual([]);
  });
}

const misplaced: readonly (readonly [string, Values, string[], Place?])[] = [
  ["another GPU is wanted", { gpuTypeIds: ["NVIDIA A40"] }, ["gpuTypeIds"]],
  [
    "a GPU is wanted for a CPU pod",
    { gpuTypeIds: ["NVIDIA A40"] },
    ["gpuTypeIds"],
    { processor: "cpu3c" },
  ],
  [
    "the wanted GPUs are not known yet, and it is not among the known",
    { gpuTypeIds: ["a", UNKNOWN] },
    ["gpuTypeIds"],
  ],
  ["another data center is wanted", { dataCenterIds: ["US-KS-2"] }, ["dataCenterIds"]],
  [
    "its CUDA version is not listed",
    { allowedCudaVersions: ["12.80", "13.0"] },
    ["allowedCudaVersions"],
  ],
  [
    "its CUDA version is below the floor",
    { minCudaVersion: "12.11" },
    ["minCudaVersion"],
    { cudaVersion: "12.2" },
  ],
  [
    "several do not hold",
    { gpuTypeIds: ["a"], dataCenterIds: ["b"] },
    ["gpuTypeIds", "dataCenterIds"],
  ],
];

for (const [what, inputs, fields, place = here] of misplaced) {
  test(`a pod must move if ${what}`, () => {
    expect(unsatisfied(inputs, place)).toEqual(fields);
  });
}

test("the placement is read from the stored outputs of GPU and CPU pods", () => {
  const gpu = { gpuTypeId: "NVIDIA L4", dataCenterId: "EU-RO-1", __live: { cudaVersion: "12.8" } };
  expect(storedPlace(gpu)).toEqual({
    processor: "NVIDIA L4",
    dataCenterId: "EU-RO-1",
    cudaVersion: "12.8",
  });
  const cpu = { gpuTypeId: null, dataCenterId: null, __live: { cpuFlavorId: "cpu3c" } };
  expect(storedPlace(cpu)).toMatchObject({ processor: "cpu3c" });
  expect(storedPlace({})).toEqual({});
});
