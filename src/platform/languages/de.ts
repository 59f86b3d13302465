import type { Language } from './language.js';

export const german: Language = {
  tag: 'de',
  direction: 'ltr',
  words: {
    'Sign in': 'Anmelden',
    'to continue to': 'um weiterzugehen zu',
    or: 'oder',
    'Other ways': 'Andere Wege',
    'New here?': 'Neu hier?',
    'Create an account': 'Konto anlegen',
    Username: 'Benutzername',
    Password: 'Passwort',
    'Forgot your password?': 'Passwort vergessen?',
    'Sign in with a passkey': 'Mit einem Passkey anmelden',
    'Use your passkey or security key': 'Passkey oder Sicherheitsschlüssel verwenden',
    'Sign in with {name}': 'Mit {name} anmelden',
    'Send me a link by mail': 'Link per E-Mail senden',
    'Send me a code by mail': 'Code per E-Mail senden',
    'Confirm it’s you': 'Bestätigen Sie, dass Sie es sind',
    'One more step to sign in as {name}.': 'Noch ein Schritt, um sich als {name} anzumelden.',
    'One more step to sign in as {name} to {client}.': 'Noch ein Schritt, um sich als {name} bei {client} anzumelden.',
    'Sign in as somebody else': 'Als jemand anderes anmelden',
    'Code from your authenticator app': 'Code aus Ihrer Authenticator-App',
    Continue: 'Weiter',
    'Use a recovery code': 'Wiederherstellungscode verwenden',
    'Recovery code': 'Wiederherstellungscode',
    'Use this code': 'Diesen Code verwenden',
    'Reference {code}': 'Vorgang {code}',
    'Back to sign-in': 'Zurück zur Anmeldung',
    'Sign in by mail': 'Per E-Mail anmelden',
    'We send a link to your email address. It signs you in, here in this browser.':
      'Wir senden einen Link an Ihre E-Mail-Adresse. Er meldet Sie hier in diesem Browser an.',
    'We send a code to your email address. You type it here.':
      'Wir senden einen Code an Ihre E-Mail-Adresse. Sie geben ihn hier ein.',
    'Send me the link': 'Link senden',
    'Send me the code': 'Code senden',
    'Username or email address': 'Benutzername oder E-Mail-Adresse',
    'Email address': 'E-Mail-Adresse',
    'Look into your mail': 'Sehen Sie in Ihre E-Mails',
    'If there is such an account, a link is on its way to its email address. Open it in this browser.':
      'Wenn es dieses Konto gibt, ist ein Link an seine E-Mail-Adresse unterwegs. Öffnen Sie ihn in diesem Browser.',
    'If there is such an account, a link is on its way to its email address.':
      'Wenn es dieses Konto gibt, ist ein Link an seine E-Mail-Adresse unterwegs.',
    'A mail is on its way. Its link leads on to your account.':
      'Eine E-Mail ist unterwegs. Ihr Link führt weiter zu Ihrem Konto.',
    'Nothing there? Look into the folder for unwanted mail. We write only to an address that is known to be yours, and not more than a few times in a quarter of an hour.':
      'Nichts da? Sehen Sie im Ordner für unerwünschte E-Mails nach. Wir schreiben nur an eine Adresse, von der wir wissen, dass sie Ihre ist, und nur wenige Male in einer Viertelstunde.',
    'Type the code': 'Code eingeben',
    'If there is such an account, a code is on its way to its email address.':
      'Wenn es dieses Konto gibt, ist ein Code an seine E-Mail-Adresse unterwegs.',
    'Code from the mail': 'Code aus der E-Mail',
    'Send another code': 'Einen anderen Code senden',
    'You asked for this link to sign in as {name}.':
      'Sie haben diesen Link angefordert, um sich als {name} anzumelden.',
    'Sign in another way': 'Auf anderem Weg anmelden',
    'We send a link to your email address, with which you choose a new one.':
      'Wir senden einen Link an Ihre E-Mail-Adresse, mit dem Sie ein neues Passwort wählen.',
    'Choose a new password': 'Neues Passwort wählen',
    'You are signed out everywhere, and sign in with the new password then.':
      'Sie werden überall abgemeldet und melden sich dann mit dem neuen Passwort an.',
    'Set the new password': 'Neues Passwort setzen',
    'Your password is new': 'Ihr Passwort ist neu',
    'You were signed out everywhere. Sign in with the new password.':
      'Sie wurden überall abgemeldet. Melden Sie sich mit dem neuen Passwort an.',
    'New password': 'Neues Passwort',
    'At least {count} characters, any you like. A few words that do not belong together are easy to remember.':
      'Mindestens {count} Zeichen, welche Sie wollen. Ein paar Wörter, die nicht zusammengehören, sind leicht zu merken.',
    'We send a link to your email address. It leads on to your account.':
      'Wir senden einen Link an Ihre E-Mail-Adresse. Er führt weiter zu Ihrem Konto.',
    'Your account': 'Ihr Konto',
    'Your address is {email}.': 'Ihre Adresse ist {email}.',
    'Your name (if you like)': 'Ihr Name (wenn Sie möchten)',
    'Make my account': 'Mein Konto anlegen',
    'Not linked yet': 'Noch nicht verknüpft',
    'Your account at {name} is not linked with an account here.':
      'Ihr Konto bei {name} ist mit keinem Konto hier verknüpft.',
    'Do you have an account here? Sign in to it once, as you always do. From then on you can use either.':
      'Haben Sie hier ein Konto? Melden Sie sich einmal so an wie immer. Danach können Sie beide verwenden.',
    'Link my account': 'Mein Konto verknüpfen',
    'Make a new account': 'Neues Konto anlegen',
    'Set up a second factor': 'Zweiten Faktor einrichten',
    'Your password alone is not enough here. You need an authenticator app on your phone.':
      'Ihr Passwort allein genügt hier nicht. Sie brauchen eine Authenticator-App auf Ihrem Telefon.',
    'Scan this code with your authenticator app.': 'Scannen Sie diesen Code mit Ihrer Authenticator-App.',
    'Then type the six digits that the app shows.': 'Geben Sie dann die sechs Ziffern ein, die die App zeigt.',
    'QR code that holds the key below': 'QR-Code mit dem Schlüssel, der unten steht',
    'I can’t scan it': 'Ich kann ihn nicht scannen',
    'Type this key into the app: {secret}': 'Geben Sie diesen Schlüssel in die App ein: {secret}',
    Code: 'Code',
    'Your recovery codes': 'Ihre Wiederherstellungscodes',
    'Keep these codes where your phone is not: printed, or in a password manager. Each signs you in once when your second factor is gone. They are not shown again.':
      'Bewahren Sie diese Codes dort auf, wo Ihr Telefon nicht ist: gedruckt oder in einem Passwortmanager. Jeder meldet Sie einmal an, wenn Ihr zweiter Faktor fehlt. Sie werden nicht noch einmal gezeigt.',
    'I have kept them': 'Ich habe sie aufbewahrt',
    'One sign\u2011in, every app': 'Eine Anmeldung, jede App',
    'You are not signed in. Sign in here once and every application behind the gate knows you.':
      'Sie sind nicht angemeldet. Melden Sie sich einmal hier an, und jede Anwendung hinter dem Tor kennt Sie.',
    'You are signed in': 'Sie sind angemeldet',
    'Your applications': 'Ihre Anwendungen',
    'Sign out': 'Abmelden',
    'Sign out?': 'Abmelden?',
    '{client} asks to sign you out.': '{client} möchte Sie abmelden.',
    'You are signed in as {name} ({username}).': 'Sie sind als {name} ({username}) angemeldet.',
    'After this, applications in this browser will ask you to sign in again.':
      'Danach werden Anwendungen in diesem Browser Sie wieder um die Anmeldung bitten.',
    'Stay signed in': 'Angemeldet bleiben',
    'Signed out': 'Abgemeldet',
    'You are signed out': 'Sie sind abgemeldet',
    'The applications in this browser are being told.': 'Den Anwendungen in diesem Browser wird es mitgeteilt.',
    'The gate is closed.': 'Das Tor ist geschlossen.',
    'On a shared computer, close the browser’s windows as well.':
      'Schließen Sie an einem gemeinsamen Computer auch die Fenster des Browsers.',
    '{enforced} of {applications} applications enforced it.':
      '{enforced} von {applications} Anwendungen haben es umgesetzt.',
    '{enforced} of {applications} applications enforced it, in {time}.':
      '{enforced} von {applications} Anwendungen haben es umgesetzt, in {time}.',
    'Back to {client}': 'Zurück zu {client}',
    'To the start page': 'Zur Startseite',
    'Signing out of an application': 'Abmeldung bei einer Anwendung',
    'Allow access': 'Zugriff erlauben',
    'Unnamed application': 'Unbenannte Anwendung',
    'About this application': 'Über diese Anwendung',
    'Privacy policy': 'Datenschutzerklärung',
    'Terms of service': 'Nutzungsbedingungen',
    '(opens in a new tab)': '(öffnet sich in einem neuen Tab)',
    'This application registered itself. Nobody here has checked who runs it.':
      'Diese Anwendung hat sich selbst registriert. Niemand hier hat geprüft, wer sie betreibt.',
    'Allow {client} to use your account?': 'Darf {client} Ihr Konto verwenden?',
    'It will be able to': 'Es wird Folgendes können',
    'Know that it is you, and nothing else about you': 'Wissen, dass Sie es sind, und sonst nichts über Sie',
    'Know who you are when you sign in': 'Wissen, wer Sie sind, wenn Sie sich anmelden',
    'See your profile: name, picture, birthday and the like':
      'Ihr Profil sehen: Name, Bild, Geburtstag und dergleichen',
    'See your email address': 'Ihre E-Mail-Adresse sehen',
    'See your postal address': 'Ihre Postanschrift sehen',
    'See your phone number': 'Ihre Telefonnummer sehen',
    'Keep this access while you are away, until you take it back':
      'Diesen Zugriff behalten, während Sie fort sind, bis Sie ihn zurücknehmen',
    'Use {scope} for you': '{scope} für Sie verwenden',
    'Used at {places}': 'Verwendet bei {places}',
    Allow: 'Erlauben',
    Deny: 'Ablehnen',
    'Connect a device': 'Gerät verbinden',
    'Enter the code that your device shows.': 'Geben Sie den Code ein, den Ihr Gerät zeigt.',
    'Go on only if your device shows this very code.': 'Gehen Sie nur weiter, wenn Ihr Gerät genau diesen Code zeigt.',
    'Allow {client} on a device to use your account?': 'Darf {client} auf einem Gerät Ihr Konto verwenden?',
    'Does your device show this code?': 'Zeigt Ihr Gerät diesen Code?',
    'Allow it only if you have the device in front of you.': 'Erlauben Sie es nur, wenn Sie das Gerät vor sich haben.',
    'If somebody sent you the code or a link, they are trying to get into your account: deny it.':
      'Wenn Ihnen jemand den Code oder einen Link geschickt hat, will er in Ihr Konto: lehnen Sie ab.',
    'Your device is connected': 'Ihr Gerät ist verbunden',
    'The device was refused': 'Das Gerät wurde abgelehnt',
    '{client} goes on in a few seconds. You can close this page.':
      '{client} macht in ein paar Sekunden weiter. Sie können diese Seite schließen.',
    '{client} was told no, and has no access to your account. You can close this page.':
      '{client} wurde abgewiesen und hat keinen Zugriff auf Ihr Konto. Sie können diese Seite schließen.',
    'Back to the application': 'Zurück zur Anwendung',
    'You are on your way. If nothing happens, press the button.':
      'Sie sind auf dem Weg. Wenn nichts geschieht, drücken Sie den Knopf.',
    Error: 'Fehler',
    Parameter: 'Parameter',
    Status: 'Status',
    Reference: 'Vorgang',
    'Something went wrong here': 'Hier ist etwas schiefgegangen',
    'This request can’t be completed': 'Diese Anfrage kann nicht abgeschlossen werden',
    'This is our fault, not yours. Wait a minute, then try again.':
      'Das ist unser Fehler, nicht Ihrer. Warten Sie eine Minute und versuchen Sie es noch einmal.',
    'Go back to the application you came from and start again from there.':
      'Gehen Sie zur Anwendung zurück, von der Sie kamen, und beginnen Sie dort von vorn.',
    'If it happens again, send these details to the people who run it:':
      'Wenn es wieder geschieht, senden Sie diese Angaben an die Betreiber:',
    'Sign out here': 'Hier abmelden',
    'Back to your account': 'Zurück zu Ihrem Konto',
    'The username or the password is not right.': 'Der Benutzername oder das Passwort stimmt nicht.',
    'The server is busy. Try again in a moment.': 'Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.',
    'Too many attempts. Wait a while, then try again.':
      'Zu viele Versuche. Warten Sie eine Weile und versuchen Sie es dann noch einmal.',
    'That did not work. Try again, or sign in another way.':
      'Das hat nicht geklappt. Versuchen Sie es noch einmal oder melden Sie sich auf anderem Weg an.',
    'This code is not right, or it was used already.': 'Dieser Code stimmt nicht, oder er wurde schon verwendet.',
    'This code is not right. Wait for the next one and try again.':
      'Dieser Code stimmt nicht. Warten Sie auf den nächsten und versuchen Sie es noch einmal.',
    'This code is not right, or too old. After five wrong ones ask for another.':
      'Dieser Code stimmt nicht oder ist zu alt. Fordern Sie nach fünf falschen einen neuen an.',
    'There is no such way to sign in, any more. Choose another.':
      'Diesen Weg zur Anmeldung gibt es nicht mehr. Wählen Sie einen anderen.',
    '{name} cannot be reached right now. Sign in another way, or try again.':
      '{name} ist gerade nicht zu erreichen. Melden Sie sich auf anderem Weg an oder versuchen Sie es noch einmal.',
    '{name} did not let you in, or you did not want to go on there.':
      '{name} hat Sie nicht eingelassen, oder Sie wollten dort nicht weitergehen.',
    'You must sign in anew for this, and {name} did not ask you again.':
      'Sie müssen sich hierfür neu anmelden, und {name} hat Sie nicht noch einmal gefragt.',
    'The answer of {name} is not right, so nobody was signed in. Begin again.':
      'Die Antwort von {name} stimmt nicht, darum wurde niemand angemeldet. Beginnen Sie von vorn.',
    'This sign-in is finished, has expired, or began in another browser. Begin again.':
      'Diese Anmeldung ist abgeschlossen, abgelaufen oder begann in einem anderen Browser. Beginnen Sie von vorn.',
    'This sign-in has expired, is finished, or began in another browser.':
      'Diese Anmeldung ist abgelaufen, abgeschlossen oder begann in einem anderen Browser.',
    'This form does not belong to this browser. Open the sign-in page again.':
      'Dieses Formular gehört nicht zu diesem Browser. Öffnen Sie die Anmeldeseite noch einmal.',
    'This form was not sent from our own page. Go back and try again.':
      'Dieses Formular kam nicht von unserer eigenen Seite. Gehen Sie zurück und versuchen Sie es noch einmal.',
    'This page belongs to a sign-in that has ended, or to another browser.':
      'Diese Seite gehört zu einer Anmeldung, die beendet ist, oder zu einem anderen Browser.',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another.':
      'Dieser Link wurde schon verwendet, ist zu alt oder wurde durch einen neueren ersetzt. Fordern Sie einen anderen an.',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another on the sign-in page.':
      'Dieser Link wurde schon verwendet, ist zu alt oder wurde durch einen neueren ersetzt. Fordern Sie auf der Anmeldeseite einen anderen an.',
    'This link was used already, is too old, or was replaced by a newer one. Sign up again to get another.':
      'Dieser Link wurde schon verwendet, ist zu alt oder wurde durch einen neueren ersetzt. Legen Sie noch einmal ein Konto an, um einen anderen zu bekommen.',
    'This link works in the browser in which it was asked for. Open it there, or ask for a new one here.':
      'Dieser Link gilt in dem Browser, in dem er angefordert wurde. Öffnen Sie ihn dort oder fordern Sie hier einen neuen an.',
    'The account here that this one is linked with cannot be used.':
      'Das Konto hier, mit dem dieses verknüpft ist, kann nicht verwendet werden.',
    'It is linked with another account here.': 'Es ist mit einem anderen Konto hier verknüpft.',
    'The application is not known here.': 'Die Anwendung ist hier nicht bekannt.',
    'Too many sign-ins begin from your network. Try again in a few minutes.':
      'Aus Ihrem Netz beginnen zu viele Anmeldungen. Versuchen Sie es in ein paar Minuten noch einmal.',
    'The code has expired, or it was answered already. Ask your device for a new one.':
      'Der Code ist abgelaufen oder wurde schon beantwortet. Lassen Sie Ihr Gerät einen neuen zeigen.',
    'There is nothing at this address.': 'Unter dieser Adresse gibt es nichts.',
    'The server could not complete this request.': 'Der Server konnte diese Anfrage nicht abschließen.',
    'The server cannot answer right now. Try again in a moment.':
      'Der Server kann gerade nicht antworten. Versuchen Sie es gleich noch einmal.',
    'This is not an email address that can be used here.':
      'Das ist keine E-Mail-Adresse, die hier verwendet werden kann.',
    'This email address belongs to another account.': 'Diese E-Mail-Adresse gehört zu einem anderen Konto.',
    'This username is taken. Choose another.': 'Dieser Benutzername ist vergeben. Wählen Sie einen anderen.',
    'This username is reserved. Choose another.': 'Dieser Benutzername ist reserviert. Wählen Sie einen anderen.',
    'A username is made of letters and digits, with single dots, hyphens or underscores between them. It is not an email address.':
      'Ein Benutzername besteht aus Buchstaben und Ziffern, dazwischen einzelne Punkte, Bindestriche oder Unterstriche. Er ist keine E-Mail-Adresse.',
    'A username has no spaces around it, invisible or wide characters in it.':
      'Ein Benutzername hat keine Leerzeichen außen und keine unsichtbaren oder breiten Zeichen.',
    'A username has 1 to {count} visible characters.': 'Ein Benutzername hat 1 bis {count} sichtbare Zeichen.',
    'A username is written in one script: this one mixes letters that look alike.':
      'Ein Benutzername ist in einer Schrift geschrieben: dieser mischt Buchstaben, die sich gleichen.',
    'All letters of this username look like letters of another script. Choose another.':
      'Alle Buchstaben dieses Benutzernamens sehen aus wie die einer anderen Schrift. Wählen Sie einen anderen.',
    'This password is one that others try first: it is common, or easy to guess. Choose another.':
      'Dieses Passwort ist eines, das andere zuerst versuchen: es ist verbreitet oder leicht zu erraten. Wählen Sie ein anderes.',
    'A password has at least {count} characters. A few words that do not belong together are easy to remember.':
      'Ein Passwort hat mindestens {count} Zeichen. Ein paar Wörter, die nicht zusammengehören, sind leicht zu merken.',
    'Hello {name},': 'Guten Tag {name},',
    'Or copy this address into your browser:': 'Oder kopieren Sie diese Adresse in Ihren Browser:',
    'This mail was sent by {service}. Nobody reads answers to it.':
      'Diese E-Mail kommt von {service}. Antworten darauf liest niemand.',
    'If you did not ask for this, do nothing: it is good for nobody but whoever reads this mail.':
      'Wenn Sie das nicht angefordert haben, tun Sie nichts: es nützt niemandem außer dem, der diese E-Mail liest.',
    'Sign in to {service}': 'Anmelden bei {service}',
    'Use this link to sign in. It works once, within {minutes}, in the browser in which you asked for it.':
      'Melden Sie sich mit diesem Link an. Er gilt einmal, innerhalb von {minutes}, in dem Browser, in dem Sie ihn angefordert haben.',
    'Your code for {service}': 'Ihr Code für {service}',
    'Type this code on the page on which you asked for it. It works once, within {minutes}.':
      'Geben Sie diesen Code auf der Seite ein, auf der Sie ihn angefordert haben. Er gilt einmal, innerhalb von {minutes}.',
    'Nobody from {service} will ever ask you for it.': 'Niemand von {service} wird Sie je danach fragen.',
    'A new password for {service}': 'Ein neues Passwort für {service}',
    'Somebody, hopefully you, forgot the password of your account. Choose a new one with this link within {minutes}.':
      'Jemand, hoffentlich Sie, hat das Passwort Ihres Kontos vergessen. Wählen Sie mit diesem Link innerhalb von {minutes} ein neues.',
    'If it was not you, do nothing: your password stays as it is.':
      'Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.',
    'How you sign in to {service}': 'Wie Sie sich bei {service} anmelden',
    'Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.':
      'Jemand, hoffentlich Sie, hat das Passwort Ihres Kontos vergessen. Es hat keines: Sie melden sich anders an.',
    'Open the sign-in page and choose the way you always do.':
      'Öffnen Sie die Anmeldeseite und wählen Sie Ihren üblichen Weg.',
    'Your account at {service}': 'Ihr Konto bei {service}',
    'Somebody, hopefully you, wants to make an account with this address. Go on with this link within {hours}.':
      'Jemand, hoffentlich Sie, möchte mit dieser Adresse ein Konto anlegen. Machen Sie mit diesem Link innerhalb von {hours} weiter.',
    'If it was not you, do nothing, and there will be no account.':
      'Wenn Sie es nicht waren, tun Sie nichts, und es gibt kein Konto.',
    'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.':
      'Jemand, hoffentlich Sie, wollte mit dieser Adresse ein Konto anlegen. Es gibt schon eines: melden Sie sich an, oder wählen Sie ein neues Passwort, wenn Sie Ihres vergessen haben.',
    'If it was not you, do nothing.': 'Wenn Sie es nicht waren, tun Sie nichts.',
  },
};
