// Started once before all tests: the servers they share.
export async function setup(): Promise<void> {}
