import { type Browser, type Page } from 'playwright-core';
import { openPage } from './browser';
import { type Fingers, openField, pressesOf, shownText, type } from './typing';

/** A player in a browser window. */
export class Racer {
  private constructor(
    readonly page: Page,
    readonly name: string,
    /** Exceptions, errors of the console and violated policies. */
    readonly problems: readonly string[],
  ) {}

  /** Opens the page and gives a name, as the page asks for it. */
  static async enter(browser: Browser, address: string, name: string): Promise<Racer> {
    const { page, problems } = await openPage(browser, address);
    await page.getByLabel('Your name').fill(name);
    await page.getByRole('button', { name: 'Continue' }).click();
    return new Racer(page, name, problems);
  }

  /** @returns its code */
  async createRoom(): Promise<string> {
    await this.page.getByRole('button', { name: 'Create a room' }).click();
    return (await this.page.getByTestId('room-code').textContent()) ?? '';
  }

  async set(name: string, value: number): Promise<void> {
    const field = this.page.getByLabel(name, { exact: true });
    await field.fill(String(value));
    await field.blur();
  }

  /** By a button, or a link. */
  async click(name: string): Promise<void> {
    await this.page
      .getByRole('button', { name, exact: true })
      .or(this.page.getByRole('link', { name, exact: true }))
      .click();
  }

  /** @param label of a radio button or a checkbox, which its label covers */
  async choose(label: string): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).click({ force: true });
  }

  /** Types the text of the round when it has begun. */
  async type(fingers: Fingers, meanwhile?: Parameters<typeof type>[2]): Promise<void> {
    await this.untilTyping();
    await type(this.page, pressesOf(await shownText(this.page), fingers), meanwhile);
  }

  async untilTyping(): Promise<void> {
    await this.page.locator(openField).waitFor();
  }

  async untilStandings(): Promise<void> {
    await this.page.getByRole('heading', { name: 'Standings' }).waitFor();
  }

  /** The cells of a table, row by row. */
  async table(caption: string): Promise<string[][]> {
    const rows = this.page.getByRole('table', { name: caption }).locator('tbody tr');
    return rows.evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.trim())),
    );
  }

  async playerId(): Promise<string> {
    return this.page.evaluate(
      () =>
        (JSON.parse(localStorage.getItem('typerush.session') ?? '') as { playerId: string })
          .playerId,
    );
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
