/**
 * Until the returned function is called, stacks show the program alone from the class of a resource
 * on. Pulumi takes four for each property of a resource, looks up the source of every frame, and
 * stores one with the resource.
 * @param base the name of the class that the classes of resources have in common
 */
export function showProgramOnly(base: string): () => void {
  const prepare = Error.prepareStackTrace;
  if (prepare === undefined) {
    return () => {};
  }
  Error.prepareStackTrace = (error: Error, frames: NodeJS.CallSite[]) => {
    const at = frames.findIndex(
      (frame) => frame.isConstructor() && frame.getFunctionName() === base,
    );
    // The frame after it is the constructor of the resource's own class.
    const program = at < 0 ? [] : frames.slice(at + 2).filter(isOfProgram);
    const [head, ...lines] = String(prepare(error, program)).split("\n");
    // Pulumi skips a fixed number of frames, those of its classes.
    return [head, ...frames.slice(0, at + 1).map(() => "    at Pulumi"), ...lines].join("\n");
  };
  return () => {
    Error.prepareStackTrace = prepare;
  };
}

function isOfProgram(frame: NodeJS.CallSite): boolean {
  const file = frame.getFileName();
  return (
    file !== null && !/^node:|[\\/]node_modules[\\/](@pulumi[\\/]pulumi|ts-node)[\\/]/.test(file)
  );
}
