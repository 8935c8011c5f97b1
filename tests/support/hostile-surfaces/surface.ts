/** Prints hostile strings, alone or among others, and returns the output. */
export type Surface = (texts: readonly string[]) => Promise<string> | string;
export type Surfaces = Readonly<Record<string, Surface>>;

/** A surface that runs once for each string. */
export function each(print: (hostile: string) => Promise<string> | string): Surface {
  return async (texts) => (await Promise.all(texts.map(print))).join("\n");
}

/** A pod's inputs, in each of which something is hostile. */
export const podOf = (hostile: string) => ({
  name: hostile,
  imageName: `vllm/vllm-openai:${hostile}`,
  dockerStartCmd: ["--model", hostile],
  gpuTypeIds: [hostile],
  volumeMountPath: `/${hostile}`,
  env: { [`${hostile}_TOKEN`]: hostile, HF_HOME: `/${hostile}` },
  containerDiskInGb: 5,
  ports: ["8000/http"],
});
