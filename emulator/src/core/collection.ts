/** The objects of one kind as readers see them: all of them, unless a fault makes reads lag. */
export class Collection<T extends { readonly id: string; readonly seq: number }> {
  private readonly items = new Map<string, T>();
  private readonly hidden = new Map<string, { fromLists: number; fromGets: number }>();
  private readonly deleted = new Map<string, { item: T; until: number }>();
  private touched: Set<T> | null = null;

  constructor(private readonly wall: () => number) {}

  add(item: T): void {
    this.items.set(item.id, item);
    this.touch(item);
  }

  /** The truth, as writes see it: what they find may change. */
  find(id: string): T | undefined {
    const item = this.items.get(id);
    if (item) {
      this.touch(item);
    }
    return item;
  }

  /** The item may change now. */
  touch(item: T): void {
    this.touched?.add(item);
  }

  has(item: T): boolean {
    return this.items.get(item.id) === item;
  }

  /** Everything that exists: what they get may change. */
  all(): IterableIterator<T> {
    if (this.touched) {
      this.touched = new Set([...this.touched, ...this.items.values()]);
    }
    return this.items.values();
  }

  /** The same, for callers that change nothing of it. */
  peek(): IterableIterator<T> {
    return this.items.values();
  }

  /** What a GET by id finds. */
  read(id: string): T | undefined {
    const lag = this.hidden.get(id);
    if (lag && lag.fromGets > this.wall()) {
      return undefined;
    }
    return this.items.get(id) ?? this.lingering(id);
  }

  /** What a list shows, in the order of creation. */
  list(): T[] {
    const visible = [...this.items.values()];
    if (this.hidden.size === 0 && this.deleted.size === 0) {
      return visible;
    }
    const now = this.wall();
    return visible
      .filter(({ id }) => (this.hidden.get(id)?.fromLists ?? 0) <= now)
      .concat([...this.deleted.keys()].flatMap((id) => this.lingering(id) ?? []))
      .sort((a, b) => a.seq - b.seq);
  }

  remove(id: string): void {
    // That it is gone is a change.
    this.find(id);
    this.items.delete(id);
    this.hidden.delete(id);
  }

  /** Hides a new object from lists, or from all reads, for some real milliseconds. */
  hide(id: string, ms: number, scope: "list" | "all"): void {
    const until = this.wall() + ms;
    this.hidden.set(id, { fromLists: until, fromGets: scope === "all" ? until : 0 });
  }

  /** Shows a removed object to readers for some more real milliseconds. */
  linger(item: T, ms: number): void {
    this.deleted.set(item.id, { item, until: this.wall() + ms });
  }

  /** Removed objects that readers still see. */
  ghosts(): T[] {
    return [...this.deleted.keys()].flatMap((id) => this.lingering(id) ?? []);
  }

  /** From now on, `takeTouched` knows what may have changed. */
  track(): void {
    this.touched = new Set();
  }

  /** What was added or removed or may have changed since the last time. */
  takeTouched(): T[] {
    const touched = [...(this.touched ?? [])];
    this.touched?.clear();
    return touched;
  }

  private lingering(id: string): T | undefined {
    const ghost = this.deleted.get(id);
    if (ghost && ghost.until <= this.wall()) {
      this.deleted.delete(id);
      return undefined;
    }
    return ghost?.item;
  }
}
