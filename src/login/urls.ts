/** `/login/<path>` for a sign-in; the interaction it is for goes along. */
export function loginUrl(path: string, interaction?: { id: string }): string {
  const query = interaction ? `?interaction=${encodeURIComponent(interaction.id)}` : '';
  return `/login${path === '' ? '' : `/${path}`}${query}`;
}
