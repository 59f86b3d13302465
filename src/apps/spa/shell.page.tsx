import type { JSX } from 'preact';
import { AppPage, type AppLook } from '../../platform/pages/app-page.js';

const look: AppLook = {
  name: 'Spa',
  accent: 'plum',
  iconColour: '#9a6bd0',
  mark: { shape: 'M11 7 2 16l9 9 2.6-2.6L7.2 16l6.4-6.4zM21 7l-2.6 2.6 6.4 6.4-6.4 6.4L21 25l9-9z' },
  footer:
    'Spa is a sample application that runs in the browser alone. The portal keeps the session; no token comes here.',
};

/** What the script fills. Nothing on it depends on who asks. */
export function SpaShell({ script }: { script: string }): JSX.Element {
  return (
    <AppPage look={look} title="Your sessions">
      <div class="width body">
        <noscript>
          <p class="notice">This sample runs in the browser and needs JavaScript. The portal itself does not.</p>
        </noscript>
        <p id="status" class="muted" role="status"></p>
        <div id="view" class="stack"></div>
        <script type="module" src={script}></script>
      </div>
    </AppPage>
  );
}
