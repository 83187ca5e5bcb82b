/** Of the table of the board, and of the function that warms. */
export const BOARD_TABLE = 'warm-board';
export const WARMER = 'warmer';
