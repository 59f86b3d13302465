import type { Surroundings } from '../cli/answer.js';

const BAR = 28;
/** Where there is no terminal, a line is written whenever so much more is done, in percent. */
const LINE_EVERY = 10;

/** How far a long command is: a bar on a terminal, now and then a line elsewhere. */
export class Progress {
  private lastPercent = -LINE_EVERY;
  private isShown = false;

  constructor(private readonly errors: Surroundings['errors']) {}

  show(done: number, total: number, doing: string): void {
    const part = total === 0 ? 0 : done / total;
    if (this.errors.isTTY) {
      const full = Math.round(part * BAR);
      const text = `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${String(Math.floor(part * 100)).padStart(3)} %  ${doing}`;
      this.errors.write(`\r\u001b[2K${text.slice(0, (this.errors.columns ?? 80) - 1)}`);
      this.isShown = true;
      return;
    }
    const percent = Math.floor(part * 100);
    if (percent < this.lastPercent + LINE_EVERY) return;
    this.lastPercent = percent;
    this.errors.write(`${String(percent).padStart(3)} %  ${doing}\n`);
  }

  /** Takes the bar away. */
  end(): void {
    if (this.isShown) this.errors.write('\r\u001b[2K');
    this.isShown = false;
  }
}
