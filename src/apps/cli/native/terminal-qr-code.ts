/** Black on white, whatever the terminal's own colours are: a camera needs the dark on the light. */
const PAPER = '\u001b[30;107m';
const PLAIN = '\u001b[0m';

/**
 * A QR code of `text` for a terminal, two rows of it in each line, with its quiet zone. Undefined where it is wider than the
 * terminal, or where the package `qrcode` is not installed: the address and the code stand beside it.
 * @param columns of the terminal; undefined when nobody knows.
 */
export async function terminalQrCode(text: string, columns = 80): Promise<string | undefined> {
  const qrcode = await import('qrcode').catch(() => undefined);
  if (!qrcode) return undefined;
  const drawn = await qrcode.toString(text, { type: 'utf8', errorCorrectionLevel: 'L', margin: 4 });
  const lines = drawn.split('\n').filter((line) => line !== '');
  if (lines[0]!.length > columns) return undefined;
  return lines.map((line) => `${PAPER}${line}${PLAIN}\n`).join('');
}
