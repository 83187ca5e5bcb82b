/** Neither a graph nor a system. */
export const nothing = 42;
