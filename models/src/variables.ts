/** The variables of a shell: its own over those of whoever started it. Copies nothing. */
export class Variables {
  private readonly own: Map<string, string>;

  constructor(
    own: Readonly<Record<string, string>> = {},
    private readonly outer?: Variables,
  ) {
    this.own = new Map(Object.entries(own));
  }

  get(name: string): string | undefined {
    return this.own.get(name) ?? this.outer?.get(name);
  }

  set(name: string, value: string): void {
    this.own.set(name, value);
  }

  all(): Record<string, string> {
    return Object.fromEntries([...Object.entries(this.outer?.all() ?? {}), ...this.own]);
  }
}
