import * as pulumi from "@pulumi/pulumi";

/** A resource as a program registered it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** An engine that creates everything immediately and records its requests. */
export class MockedEngine implements pulumi.runtime.Mocks {
  readonly registered: Registered[] = [];

  newResource({ type, name, inputs }: pulumi.runtime.MockResourceArgs) {
    this.registered.push({ type, name, inputs });
    return { id: `${name}-id`, state: { revision: 1, ...inputs } };
  }

  call(): Record<string, unknown> {
    throw new Error("no function is called here");
  }

  /** What was registered under a name, once everything has been. */
  async inputsOf(name: string, kind: string): Promise<Record<string, unknown>> {
    await pulumi.runtime.disconnect();
    const found = this.registered.find((one) => one.name === name && one.type.endsWith(`:${kind}`));
    if (found === undefined) {
      throw new Error(`${kind} ${name} was not registered`);
    }
    return found.inputs;
  }
}

/** Makes programs of this process run against a new engine. */
export async function mockEngine({ isPreview = false } = {}): Promise<MockedEngine> {
  const engine = new MockedEngine();
  await pulumi.runtime.setMocks(engine, "project", "stack", isPreview);
  return engine;
}
