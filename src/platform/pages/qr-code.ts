/** A QR code of `text` as a `data:` URL of an SVG image: dark on white with its quiet zone, so that it scans on dark pages too. */
export async function qrCodeUrl(text: string): Promise<string> {
  // Loaded when somebody enrols, not with every start.
  const { toString } = await import('qrcode');
  const svg = await toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
