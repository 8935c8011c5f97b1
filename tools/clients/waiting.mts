/** Reports on standard error what takes more than two seconds: then, and every ten seconds. */
export class Waiting {
  private what: string;
  private readonly timer: NodeJS.Timeout;
  private since = performance.now();
  private next = FIRST_S;

  constructor(what: string) {
    this.what = what;
    this.timer = setInterval(() => this.tick(), 500);
  }

  /** What is waited for from now on. */
  for(what: string): void {
    this.what = what;
    this.since = performance.now();
    this.next = FIRST_S;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const seconds = (performance.now() - this.since) / 1000;
    if (seconds >= this.next) {
      console.error(`Waiting for ${this.what}: ${Math.floor(seconds)} s`);
      this.next += EVERY_S;
    }
  }
}

const FIRST_S = 2;
const EVERY_S = 10;
