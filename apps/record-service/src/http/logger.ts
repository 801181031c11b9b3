/** The service's log, for providers of Nest. */
export const LOGGER = Symbol('LOGGER');
