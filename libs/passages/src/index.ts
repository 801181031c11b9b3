export {
  MAX_WORDS,
  type Passage,
  type PassageList,
  passageLists,
  passageOf,
  type PassageReference,
  PASSAGES_VERSION,
} from './passage';
export { type Quote, quotes } from './quotes';
