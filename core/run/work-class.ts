/**
 * What a run is for: somebody waits for an `interactive` one, nobody for a `batch` one. In front of each component, calls
 * of batch runs let those of interactive runs go first.
 */
export type WorkClass = 'interactive' | 'batch';
