import { type DocumentStore } from '../document-store';

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Documents are kept as JSON text, so that nobody shares an object with the store. */
export function createMemoryDocuments(): DocumentStore {
  const collections = new Map<string, Map<string, string>>();
  const collection = (name: string) => {
    const existing = collections.get(name) ?? new Map<string, string>();
    collections.set(name, existing);
    return existing;
  };
  return {
    get: async (name, key) => {
      const text = collection(name).get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    put: async (name, key, document) => {
      collection(name).set(key, JSON.stringify(document));
    },
    delete: async (name, key) => collection(name).delete(key),
    list: async (name) =>
      [...collection(name)]
        .map(([key, text]) => ({ key, document: JSON.parse(text) as unknown }))
        .sort((a, b) => byCodeUnit(a.key, b.key)),
  };
}
