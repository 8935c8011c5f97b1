import { safe } from "@runpod-stack/kit";
import { type Finding, refusal } from "./finding";
import { isKnown, type Known, knownItems, type Unknown } from "./known";

const LONGEST = 200;

/** Faults in the format of an image name and of ports. */
export function formatFaults(
  imageName: Known<string>,
  ports: Known<readonly (string | Unknown)[]>,
): Finding[] {
  return [...(isKnown(imageName) ? imageFault(imageName) : []), ...portFaults(knownItems(ports))];
}

function imageFault(image: string): Finding[] {
  const shown = JSON.stringify(image.slice(0, LONGEST));
  const isAddress = /^[a-z]+:\/\//i.test(image);
  if (!isAddress && !/\s/.test(image)) {
    return [];
  }
  const rule = isAddress ? safe`be an image name, not a URL` : safe`not contain spaces`;
  return [
    refusal(
      "imageName",
      safe`imageName ${shown} must ${rule}.`,
      safe`Write it as for \`docker pull\`, for example vllm/vllm-openai:v0.20.0.`,
    ),
  ];
}

function portFaults(ports: readonly string[]): Finding[] {
  const [wrong] = ports.filter((port) => !/^\d{1,5}\/(?:http|tcp)$/i.test(port));
  if (wrong === undefined) {
    return [];
  }
  const number = /\d+/.exec(wrong)?.[0] ?? "8000";
  return [
    refusal(
      "ports",
      safe`ports ${JSON.stringify(wrong.slice(0, LONGEST))} must be a port number and a protocol, http or tcp.`,
      safe`Write ${JSON.stringify(`${number}/http`)} for a web service, or ${JSON.stringify(`${number}/tcp`)}.`,
    ),
  ];
}
