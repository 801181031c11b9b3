import { type Subject } from '../subject';

/** Something that every image has to keep to, whatever it runs. */
export interface Rule {
  readonly id: string;
  /** What holds where it is kept. */
  readonly fact: string;
  /** What to do where it is broken. */
  readonly remedy: string;
  /** What is wrong with the image, a line each; or why nobody can tell. */
  readonly broken: (subject: Subject) => Broken | Promise<Broken>;
}

type Broken = readonly string[] | { readonly skipped: string };
