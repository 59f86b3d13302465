/**
 * Stands for the answer where there is none to put a header on: a message on a socket, or of another service. What would
 * have been a header is lost, and nothing depends on it there.
 */
export const NO_ANSWER = {
  statusCode: 200,
  setHeader(): void {},
  getHeader(): undefined {
    return undefined;
  },
  end(): void {},
};
