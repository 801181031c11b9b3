/** Loaded before a program: SIGUSR2 moves its clock 13 hours ahead, beyond the lifetime of ECR's authorization tokens. */
const RealDate = Date;
let ahead = 0;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length > 0) super(...given);
    else super(RealDate.now() + ahead);
  }

  static now() {
    return RealDate.now() + ahead;
  }
};

process.on('SIGUSR2', () => {
  ahead += 13 * 60 * 60 * 1000;
});
