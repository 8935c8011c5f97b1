/** A container's command in RunPod's answers: as lists, and in the form in which it is stored. */
interface Reported {
  readonly entrypoint?: string[];
  readonly cmd?: string[];
  readonly args?: string;
}

/** ENTRYPOINT and CMD as RunPod reports them. */
export function reportedCommand({ entrypoint, cmd, args }: Reported): Omit<Reported, "args"> {
  return { ...storedCommand(args), ...(entrypoint && { entrypoint }), ...(cmd && { cmd }) };
}

/** An older server has only the stored form, whose variant as a plain string does not separate words. */
function storedCommand(args: string | undefined): Omit<Reported, "args"> {
  if (!args?.startsWith("{")) {
    return {};
  }
  try {
    const { entrypoint = [], cmd = [] } = JSON.parse(args);
    return Array.isArray(entrypoint) && Array.isArray(cmd) ? { entrypoint, cmd } : {};
  } catch {
    return {};
  }
}
