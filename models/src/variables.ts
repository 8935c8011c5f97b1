/** The variables, arrays and functions of a shell. Its own take precedence over `outer`, which is not copied. */
export class Variables {
  private readonly own: Map<string, string | undefined>;
  private readonly lists = new Map<string, readonly string[]>();
  private readonly bodies = new Map<string, string>();

  constructor(
    own: Readonly<Record<string, string>> = {},
    private readonly outer?: Variables,
  ) {
    this.own = new Map(Object.entries(own));
  }

  get(name: string): string | undefined {
    return this.own.has(name) ? this.own.get(name) : this.outer?.get(name);
  }

  set(name: string, value: string): void {
    this.own.set(name, value);
    this.lists.delete(name);
  }

  unset(name: string): void {
    this.own.set(name, undefined);
    this.lists.delete(name);
  }

  /** The items of an array. `@` has the arguments of the shell or function. */
  list(name: string): readonly string[] | undefined {
    return this.lists.get(name) ?? this.outer?.list(name);
  }

  setList(name: string, items: readonly string[]): void {
    this.lists.set(name, items);
  }

  /** The body of a function in the script. */
  body(name: string): string | undefined {
    return this.bodies.get(name) ?? this.outer?.body(name);
  }

  define(name: string, body: string): void {
    this.bodies.set(name, body);
  }

  all(): Record<string, string> {
    const all: Record<string, string> = { ...this.outer?.all() };
    for (const [name, value] of this.own) {
      if (value === undefined) {
        delete all[name];
      } else {
        all[name] = value;
      }
    }
    return all;
  }
}
