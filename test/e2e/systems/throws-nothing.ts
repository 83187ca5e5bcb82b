/** Says nothing of what went wrong. */
// oxlint-disable-next-line
throw undefined;
