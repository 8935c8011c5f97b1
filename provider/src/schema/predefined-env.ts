const PREDEFINED =
  /^RUNPOD_(POD_ID|DC_ID|POD_HOSTNAME|GPU_COUNT|CPU_COUNT|PUBLIC_IP|TCP_PORT_\d+|VOLUME_ID|API_KEY|STACK_TOKEN)$/;

/** Whether RunPod or this provider sets an environment variable in every pod. */
export function isPredefinedEnv(name: string): boolean {
  return PREDEFINED.test(name);
}
