import { type FinishedRound, type RecordState } from '@typerush/contracts';

/** Learns what becomes of a result. It must not throw. */
export type Report = (state: RecordState) => void;

/** Where the results of rounds go. */
export interface Results {
  /**
   * Never rejects. The state is `queued` only once the result survives this process; `report` gets it too, and those after
   * it.
   */
  keep(round: FinishedRound, report?: Report): Promise<RecordState>;
}

/** Without a record-service. */
export const noResults: Results = {
  async keep(_round, report) {
    report?.('off');
    return 'off';
  },
};
