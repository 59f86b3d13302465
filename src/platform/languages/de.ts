import type { Language } from './language.js';

export const german: Language = {
  tag: 'de',
  name: 'Deutsch',
  direction: 'ltr',
  words: {
    'Sign in': 'Anmelden',
    'to continue to': 'weiter zu',
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
    'Look into your mail': 'Sehen Sie in Ihr Postfach',
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
    'Your password is new': 'Ihr Passwort ist geändert',
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
    'Your recovery codes': 'Ihre Wiederherstellungs\u00adcodes',
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
    '{enforced} of {applications} applications enforced it.': {
      by: 'applications',
      one: 'Umgesetzt von {enforced} von {applications} Anwendung.',
      other: 'Umgesetzt von {enforced} von {applications} Anwendungen.',
    },
    '{enforced} of {applications} applications enforced it, in {time}.': {
      by: 'applications',
      one: 'Umgesetzt von {enforced} von {applications} Anwendung, in {time}.',
      other: 'Umgesetzt von {enforced} von {applications} Anwendungen, in {time}.',
    },
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
    'It will be able to': 'Damit kann die Anwendung',
    'Know that it is you, and nothing else about you': 'Wissen, dass Sie es sind, und sonst nichts über Sie',
    'Know who you are when you sign in': 'Wissen, wer Sie sind, wenn Sie sich anmelden',
    'See your profile: name, picture, birthday and the like':
      'Ihr Profil sehen: Name, Bild, Geburtstag und dergleichen',
    'See your email address': 'Ihre E-Mail-Adresse sehen',
    'See your postal address': 'Ihre Postanschrift sehen',
    'See your phone number': 'Ihre Telefonnummer sehen',
    'Keep this access while you are away, until you take it back':
      'Diesen Zugriff auch in Ihrer Abwesenheit behalten, bis Sie ihn widerrufen',
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
      'Wenn Ihnen jemand den Code oder einen Link geschickt hat, will er in Ihr Konto: Lehnen Sie ab.',
    'Your device is connected': 'Ihr Gerät ist verbunden',
    'The device was refused': 'Das Gerät wurde abgelehnt',
    '{client} goes on in a few seconds. You can close this page.':
      '{client} macht in ein paar Sekunden weiter. Sie können diese Seite schließen.',
    '{client} was told no, and has no access to your account. You can close this page.':
      '{client} wurde abgewiesen und hat keinen Zugriff auf Ihr Konto. Sie können diese Seite schließen.',
    'Back to the application': 'Zurück zur Anwendung',
    'You are on your way. If nothing happens, press the button.':
      'Sie werden weitergeleitet. Wenn nichts geschieht, drücken Sie die Schaltfläche.',
    'How you sign in': 'Wie Sie sich anmelden',
    'You are signed in as {name}.': 'Sie sind als {name} angemeldet.',
    Passkeys: 'Passkeys',
    'No passkeys yet.': 'Noch keine Passkeys.',
    'Authenticator apps': 'Authenticator-Apps',
    'None. An app on your phone makes your account much harder to steal.':
      'Keine. Mit einer App auf Ihrem Telefon ist Ihr Konto viel schwerer zu stehlen.',
    '{count} recovery codes left.': {
      by: 'count',
      one: 'Noch {count} Wiederherstellungscode übrig.',
      other: 'Noch {count} Wiederherstellungscodes übrig.',
    },
    'Change how you sign in': 'Ändern, wie Sie sich anmelden',
    'Add a passkey': 'Passkey hinzufügen',
    'Add an authenticator app': 'Authenticator\u2011App hinzufügen',
    'New recovery codes': 'Neue Wiederherstellungs\u00adcodes',
    'Accounts of other sites': 'Konten anderer Websites',
    'Your email address': 'Ihre E-Mail-Adresse',
    'Change your password': 'Passwort ändern',
    Profile: 'Profil',
    'Where you are signed in': 'Wo Sie angemeldet sind',
    'Connected applications': 'Verbundene Anwendungen',
    'Recent security events': 'Letzte Sicherheits\u00adereignisse',
    'Your data': 'Ihre Daten',
    'Remove your account': 'Konto löschen',
    'Start page': 'Startseite',
    Language: 'Sprache',
    Change: 'Ändern',
    'Add this app': 'Diese App hinzufügen',
    'Authenticator app': 'Authenticator-App',
    Passkey: 'Passkey',
    'Your passkey': 'Ihr Passkey',
    'Your authenticator app': 'Ihre Authenticator-App',
    'Added {date}.': 'Hinzugefügt: {date}.',
    'Not used yet.': 'Noch nicht verwendet.',
    'Last used {date}.': 'Zuletzt verwendet: {date}.',
    Name: 'Name',
    'Save the name': 'Namen speichern',
    'You cannot sign in with it any more. If it is lost, remove it and add another one.':
      'Danach können Sie sich damit nicht mehr anmelden. Wenn Sie es verloren haben, entfernen Sie es und fügen Sie Ersatz hinzu.',
    'Remove this passkey': 'Diesen Passkey entfernen',
    'Remove this authenticator app': 'Diese Authenticator-App entfernen',
    'A passkey signs you in with the lock of this device, or with a security key. It works on this site alone, so nobody can talk you out of it.':
      'Ein Passkey meldet Sie mit der Sperre dieses Geräts oder mit einem Sicherheitsschlüssel an. Er gilt nur auf dieser Website, darum kann ihn Ihnen niemand abschwatzen.',
    'Passkeys need JavaScript. Turn it on for this page, or use an authenticator app instead.':
      'Passkeys brauchen JavaScript. Schalten Sie es für diese Seite ein, oder verwenden Sie stattdessen eine Authenticator-App.',
    'No passkey was made. Try again.': 'Es wurde kein Passkey angelegt. Versuchen Sie es noch einmal.',
    'This device or security key is one of your passkeys already.':
      'Dieses Gerät oder dieser Sicherheitsschlüssel ist schon einer Ihrer Passkeys.',
    'For example: laptop': 'Zum Beispiel: Laptop',
    'You have {count} codes left. A new set makes them worthless.': {
      by: 'count',
      one: 'Sie haben noch {count} Code. Ein neuer Satz macht ihn wertlos.',
      other: 'Sie haben noch {count} Codes. Ein neuer Satz macht sie wertlos.',
    },
    'You have no codes left. A new set lets you in when your second factor is gone.':
      'Sie haben keine Codes mehr. Ein neuer Satz lässt Sie ein, wenn Ihr zweiter Faktor fehlt.',
    'Make new codes': 'Neue Codes erstellen',
    'You stay signed in here, and are signed out everywhere else.':
      'Hier bleiben Sie angemeldet, überall sonst werden Sie abgemeldet.',
    'Change password': 'Passwort ändern',
    'None is linked yet. With one that is, you can sign in here, too.':
      'Noch keines ist verknüpft. Mit einem verknüpften können Sie sich auch hier anmelden.',
    Unlink: 'Verknüpfung lösen',
    'Unlink {name}': 'Verknüpfung lösen: {name}',
    'Link an account of {name}': 'Konto bei {name} verknüpfen',
    'You have none here yet. Without one nobody can help you back in when you forget your password.':
      'Sie haben hier noch keine. Ohne sie kann Ihnen niemand zurückhelfen, wenn Sie Ihr Passwort vergessen.',
    'It is {email}.': 'Sie lautet {email}.',
    'It is {email}, and not confirmed yet: send yourself the mail below.':
      'Sie lautet {email} und ist noch nicht bestätigt: Senden Sie sich unten die E-Mail.',
    'New email address': 'Neue E-Mail-Adresse',
    'Send a mail to confirm it': 'E-Mail zur Bestätigung senden',
    'A mail is on its way to {email}. Open its link while you are signed in here; until then everything stays as it is.':
      'Eine E-Mail ist unterwegs an {email}. Öffnen Sie ihren Link, während Sie hier angemeldet sind; bis dahin bleibt alles, wie es ist.',
    'Undo the change': 'Änderung rückgängig machen',
    'Confirm your email address': 'E-Mail-Adresse bestätigen',
    'Your account gets this address back, and is signed out everywhere: {email}':
      'Ihr Konto bekommt diese Adresse zurück und wird überall abgemeldet: {email}',
    'This becomes the address of your account: {email}': 'Das wird die Adresse Ihres Kontos: {email}',
    Confirm: 'Bestätigen',
    'Your address is back': 'Ihre Adresse ist zurück',
    'Your account was signed out everywhere, and what was added since then to sign in with is gone. Somebody knew enough to change it, so choose a new password now: we send a link to this address.':
      'Ihr Konto wurde überall abgemeldet, und was seither zum Anmelden hinzukam, ist entfernt. Jemand wusste genug, um es zu ändern; wählen Sie darum jetzt ein neues Passwort: Wir senden einen Link an diese Adresse.',
    'Your profile': 'Ihr Profil',
    'Saved. Applications see it when they look next.':
      'Gespeichert. Anwendungen sehen es, wenn sie das nächste Mal nachsehen.',
    'You sign in as {name}. Applications that you let see your profile see this:':
      'Sie melden sich als {name} an. Anwendungen, die Ihr Profil sehen dürfen, sehen dies:',
    'Full name': 'Vollständiger Name',
    'Given name': 'Vorname',
    'Family name': 'Nachname',
    Nickname: 'Spitzname',
    'As the browser asks': 'Wie der Browser es wünscht',
    'Of our pages when you are signed in, and of the mails that we write to you.':
      'Unserer Seiten, wenn Sie angemeldet sind, und der E-Mails, die wir Ihnen schreiben.',
    Save: 'Speichern',
    'One file, in JSON, with everything that is kept about you here: your profile, how you sign in, where you are signed in, the applications you let in, and what happened to your account. It holds no secrets: no password, no key.':
      'Eine Datei im Format JSON mit allem, was hier über Sie aufbewahrt wird: Ihr Profil, wie Sie sich anmelden, wo Sie angemeldet sind, welche Anwendungen Sie zugelassen haben und was mit Ihrem Konto geschah. Sie enthält keine Geheimnisse: kein Passwort, keinen Schlüssel.',
    'Download your data': 'Ihre Daten herunterladen',
    'Your account is gone for good, with your profile, all you sign in with, and what applications may do for you. You are signed out everywhere. What applications keep about you themselves, only they can remove.':
      'Ihr Konto wird endgültig gelöscht, mit Ihrem Profil, allem, womit Sie sich anmelden, und dem, was Anwendungen für Sie tun dürfen. Sie werden überall abgemeldet. Was Anwendungen selbst über Sie aufbewahren, können nur sie löschen.',
    'Download your data first, if you want to keep it.':
      'Laden Sie zuerst Ihre Daten herunter, wenn Sie sie behalten möchten.',
    'Type your username, {username}, to confirm': 'Geben Sie zur Bestätigung Ihren Benutzernamen ein: {username}',
    'Remove my account for good': 'Mein Konto endgültig löschen',
    'Account removed': 'Konto gelöscht',
    'Your account is removed': 'Ihr Konto ist gelöscht',
    'You are signed out everywhere, and nothing that was given in your name is worth anything now.':
      'Sie sind überall abgemeldet, und nichts, was in Ihrem Namen vergeben wurde, gilt noch.',
    'That device is signed out.': 'Das Gerät ist abgemeldet.',
    'Sign out of {device}': 'Abmelden von {device}',
    'Ends every session, here too, and takes back what applications were given, also while you are away.':
      'Beendet alle Sitzungen, auch diese, und entzieht Anwendungen jeden Zugriff, auch den in Ihrer Abwesenheit.',
    'Sign out everywhere': 'Überall abmelden',
    'This device': 'Dieses Gerät',
    'From {address}, since {date}': 'Von {address}, seit {date}',
    'an unknown address': 'einer unbekannten Adresse',
    'Last seen {date}': 'Zuletzt aktiv: {date}',
    'Applications: {names}': 'Anwendungen: {names}',
    '{browser} on {system}': '{browser} auf {system}',
    'Unknown browser': 'Unbekannter Browser',
    'You are signed out everywhere': 'Sie sind überall abgemeldet',
    'Every session has ended, and what applications were given is worth nothing any more.':
      'Jede Sitzung ist beendet, und was Anwendungen bekommen haben, gilt nicht mehr.',
    Confirmed: 'Bestätigt',
    '{done} of {total} confirmed so far': '{done} von {total} bisher bestätigt',
    'You have let no application in.': 'Sie haben keine Anwendung zugelassen.',
    'Take access back': 'Zugriff widerrufen',
    'Take access back from {client}': 'Zugriff widerrufen: {client}',
    'Since {date}': 'Seit {date}',
    'Last let in {date}': 'Zuletzt zugelassen: {date}',
    'Has access while you are away': 'Hat auch in Ihrer Abwesenheit Zugriff',
    'You allowed: {scopes}': 'Sie haben erlaubt: {scopes}',
    'Is there something that was not you? Change your password, and sign out everywhere.':
      'War etwas davon nicht von Ihnen? Ändern Sie Ihr Passwort und melden Sie sich überall ab.',
    'Signed in': 'Angemeldet',
    'A sign-in was refused': 'Eine Anmeldung wurde abgelehnt',
    'Signed out everywhere': 'Überall abgemeldet',
    'An application was given access': 'Eine Anwendung bekam Zugriff',
    'Access was taken back from an application': 'Einer Anwendung wurde der Zugriff entzogen',
    'The profile was changed': 'Das Profil wurde geändert',
    'The data of the account was downloaded': 'Die Daten des Kontos wurden heruntergeladen',
    'A way to sign in was added': 'Ein Weg zur Anmeldung wurde hinzugefügt',
    'A way to sign in was renamed': 'Ein Weg zur Anmeldung wurde umbenannt',
    'A way to sign in was removed': 'Ein Weg zur Anmeldung wurde entfernt',
    'All passkeys, apps and codes were removed': 'Alle Passkeys, Apps und Codes wurden entfernt',
    'The password was changed': 'Das Passwort wurde geändert',
    'A link for a new password was asked for': 'Ein Link für ein neues Passwort wurde angefordert',
    'A mail to sign in was asked for': 'Eine E-Mail zur Anmeldung wurde angefordert',
    'A new email address was entered': 'Eine neue E-Mail-Adresse wurde eingegeben',
    'The email address was changed': 'Die E-Mail-Adresse wurde geändert',
    'The change of the email address was undone': 'Die Änderung der E-Mail-Adresse wurde rückgängig gemacht',
    'The email address was confirmed': 'Die E-Mail-Adresse wurde bestätigt',
    'The account was made': 'Das Konto wurde angelegt',
    'The roles of the account were changed': 'Die Rollen des Kontos wurden geändert',
    'The account was suspended': 'Das Konto wurde gesperrt',
    'The account was restored': 'Das Konto wurde wieder freigegeben',
    'The account was removed': 'Das Konto wurde gelöscht',
    'Something about the account changed': 'Am Konto hat sich etwas geändert',
    'Recovery codes': 'Wiederherstellungscodes',
    'Account of another site': 'Konto einer anderen Website',
    '{date}, by the operator': '{date}, durch den Betreiber',
    '{date}, from {address}, {device}': '{date}, von {address}, {device}',
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
    'This username has a letter or a mark that looks like another, or cannot be seen. Choose another.':
      'Dieser Benutzername enthält einen Buchstaben oder ein Zeichen, das wie ein anderes aussieht oder nicht zu sehen ist. Wählen Sie einen anderen.',
    'A username is written in one script: this one mixes letters that look alike.':
      'Ein Benutzername ist in einer Schrift geschrieben: Dieser mischt Buchstaben, die sich gleichen.',
    'All letters of this username look like letters of another script. Choose another.':
      'Alle Buchstaben dieses Benutzernamens sehen aus wie die einer anderen Schrift. Wählen Sie einen anderen.',
    'This password is one that others try first: it is common, or easy to guess. Choose another.':
      'Dieses Passwort ist eines, das andere zuerst versuchen: Es ist verbreitet oder leicht zu erraten. Wählen Sie ein anderes.',
    'A password has at least {count} characters. A few words that do not belong together are easy to remember.':
      'Ein Passwort hat mindestens {count} Zeichen. Ein paar Wörter, die nicht zusammengehören, sind leicht zu merken.',
    Details: 'Einzelheiten',
    'The request is not made as it should be.': 'Die Anfrage ist nicht so gestellt, wie sie sein sollte.',
    '{name} cannot be reached right now. Try again in a moment.':
      '{name} ist gerade nicht zu erreichen. Versuchen Sie es gleich noch einmal.',
    'This is the only way you have to sign in. Add another one first, or choose a password.':
      'Das ist Ihr einziger Weg zur Anmeldung. Fügen Sie zuerst einen anderen hinzu, oder wählen Sie ein Passwort.',
    'You have no such way to sign in, any more.': 'Diesen Weg zur Anmeldung haben Sie nicht mehr.',
    'There are too many linked accounts. Remove one first.':
      'Es sind zu viele Konten verknüpft. Entfernen Sie zuerst eines.',
    'There is no such site.': 'Diese Website gibt es nicht.',
    'This application has no access any more.': 'Diese Anwendung hat keinen Zugriff mehr.',
    'This page was open for too long. Open it again.': 'Diese Seite war zu lange offen. Öffnen Sie sie noch einmal.',
    'The form asks for nothing we know.': 'Das Formular verlangt nichts, was wir kennen.',
    'A name has at least one character.': 'Ein Name hat mindestens ein Zeichen.',
    'A name has at most {count} characters, on one line, and all of them can be seen.':
      'Ein Name hat höchstens {count} Zeichen, in einer Zeile, und alle sind sichtbar.',
    'This link was used already, or is too old.': 'Dieser Link wurde schon verwendet oder ist zu alt.',
    'This link was used already, is too old, or was replaced by a newer one.':
      'Dieser Link wurde schon verwendet, ist zu alt oder wurde durch einen neueren ersetzt.',
    'This link belongs to another account. Sign in to that one first.':
      'Dieser Link gehört zu einem anderen Konto. Melden Sie sich zuerst dort an.',
    'Addresses are not changed here.': 'Adressen werden hier nicht geändert.',
    'Passwords are not kept here.': 'Passwörter werden hier nicht aufbewahrt.',
    'Passwords are not reset here.': 'Passwörter werden hier nicht zurückgesetzt.',
    'Profiles are not kept here.': 'Profile werden hier nicht aufbewahrt.',
    'Accounts are not made here.': 'Konten werden hier nicht angelegt.',
    'Accounts are not removed here.': 'Konten werden hier nicht gelöscht.',
    'There are no passkeys at this address.': 'Unter dieser Adresse gibt es keine Passkeys.',
    'Too many mails were asked for. Wait an hour, then try again.':
      'Es wurden zu viele E-Mails angefordert. Warten Sie eine Stunde und versuchen Sie es dann noch einmal.',
    'This sign-in has ended, or began in another browser.':
      'Diese Anmeldung ist beendet oder begann in einem anderen Browser.',
    'This passkey was not added: it is known already, or its answer was not right. Try again.':
      'Dieser Passkey wurde nicht hinzugefügt: Er ist schon bekannt, oder seine Antwort stimmte nicht. Versuchen Sie es noch einmal.',
    'This session has ended already.': 'Diese Sitzung ist schon beendet.',
    'This is not your username. Nothing was removed.': 'Das ist nicht Ihr Benutzername. Es wurde nichts gelöscht.',
    'The form holds no decision.': 'Das Formular enthält keine Entscheidung.',
    'This sign-in is not waiting for a decision. Go back and start again.':
      'Diese Anmeldung wartet nicht auf eine Entscheidung. Gehen Sie zurück und beginnen Sie von vorn.',
    'This code is not known, or it has expired. Check it, or ask your device for a new one.':
      'Dieser Code ist nicht bekannt oder abgelaufen. Prüfen Sie ihn, oder lassen Sie Ihr Gerät einen neuen zeigen.',
    'Too many wrong codes were entered. Try again in {minutes}.':
      'Es wurden zu viele falsche Codes eingegeben. Versuchen Sie es in {minutes} noch einmal.',
    'Too many wrong codes were entered. Sign in first and enter the code then, or try again in {minutes}.':
      'Es wurden zu viele falsche Codes eingegeben. Melden Sie sich zuerst an und geben Sie den Code dann ein, oder versuchen Sie es in {minutes} noch einmal.',
    'The redirect_uri is not registered for this application.':
      'Die redirect_uri ist für diese Anwendung nicht registriert.',
    'The id_token_hint is not an ID token of this provider.': 'Der id_token_hint ist kein ID-Token dieses Anbieters.',
    'The id_token_hint was issued to another application than client_id names.':
      'Der id_token_hint wurde für eine andere Anwendung ausgestellt, als client_id nennt.',
    'The post_logout_redirect_uri is not registered for this application.':
      'Die post_logout_redirect_uri ist für diese Anwendung nicht registriert.',
    'This way to sign in does not belong to this step.': 'Dieser Weg zur Anmeldung gehört nicht zu diesem Schritt.',
    'A parameter comes more than once.': 'Ein Parameter kommt mehr als einmal vor.',
    'A password has 1 to {count} bytes.': 'Ein Passwort hat 1 bis {count} Byte.',
    'The server refused this request.': 'Der Server hat diese Anfrage abgelehnt.',
    'This page takes a form, not this kind of content.':
      'Diese Seite nimmt ein Formular an, nicht diese Art von Inhalt.',
    'The form has too many fields.': 'Das Formular hat zu viele Felder.',
    'A field of the form is missing or comes more than once.':
      'Ein Feld des Formulars fehlt oder kommt mehr als einmal vor.',
    'The request is too large.': 'Die Anfrage ist zu groß.',
    'The request has a content type that is not accepted here.':
      'Die Anfrage hat einen Inhaltstyp, der hier nicht angenommen wird.',
    'The request could not be read.': 'Die Anfrage konnte nicht gelesen werden.',
    'Hello {name},': 'Guten Tag {name},',
    'Hello and welcome,': 'Guten Tag und willkommen,',
    'Or copy this address into your browser:': 'Oder kopieren Sie diese Adresse in Ihren Browser:',
    'This mail was sent by {service}. Nobody reads answers to it.':
      'Diese E-Mail kommt von {service}. Antworten darauf liest niemand.',
    'If you did not ask for this, do nothing: it is good for nobody but whoever reads this mail.':
      'Wenn Sie das nicht angefordert haben, tun Sie nichts: Es nützt niemandem außer dem, der diese E-Mail liest.',
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
      'Jemand, hoffentlich Sie, wollte mit dieser Adresse ein Konto anlegen. Es gibt schon eines: Melden Sie sich an, oder wählen Sie ein neues Passwort, wenn Sie Ihres vergessen haben.',
    'If it was not you, do nothing.': 'Wenn Sie es nicht waren, tun Sie nichts.',
    'Is this your address?': 'Ist das Ihre Adresse?',
    'Somebody, hopefully you, says that this is the email address of their account at {service}. Confirm it within {hours}, signed in to that account.':
      'Jemand, hoffentlich Sie, gibt an, dass dies die E-Mail-Adresse seines Kontos bei {service} ist. Bestätigen Sie sie innerhalb von {hours}, angemeldet in diesem Konto.',
    'Confirm this address': 'Diese Adresse bestätigen',
    'Your address at {service}': 'Ihre Adresse bei {service}',
    'Somebody wanted to use this email address for another account at {service}. It is the address of your account, and stays that.':
      'Jemand wollte diese E-Mail-Adresse für ein anderes Konto bei {service} verwenden. Sie ist die Adresse Ihres Kontos und bleibt es.',
    'If that was you, sign in to the account that has this address, and remove or change it there first.':
      'Wenn Sie es waren, melden Sie sich bei dem Konto mit dieser Adresse an und entfernen oder ändern Sie sie dort zuerst.',
    'Your email address was changed': 'Ihre E-Mail-Adresse wurde geändert',
    'The email address of your account is {email} now; mails go there.':
      'Die E-Mail-Adresse Ihres Kontos ist jetzt {email}; E-Mails gehen dorthin.',
    'If that was you, there is nothing to do. If it was not, undo it within {days}: your account gets this address back and is signed out everywhere. Then choose a new password.':
      'Wenn Sie es waren, ist nichts zu tun. Wenn nicht, haben Sie {days} Zeit, es rückgängig zu machen: Ihr Konto bekommt diese Adresse zurück und wird überall abgemeldet. Wählen Sie dann ein neues Passwort.',
    'That was not me: undo it': 'Das war ich nicht: rückgängig machen',
    'If that was you, there is nothing to do. If it was not, change your password at once: it signs everybody out.':
      'Wenn Sie es waren, ist nichts zu tun. Wenn nicht, ändern Sie sofort Ihr Passwort: Das meldet alle ab.',
    'If that was you, there is nothing to do. If it was not, write to whoever runs this site at once.':
      'Wenn Sie es waren, ist nichts zu tun. Wenn nicht, wenden Sie sich sofort an die Betreiber dieser Website.',
    'Your password was changed': 'Ihr Passwort wurde geändert',
    'The password of your account was changed, and it was signed out everywhere else.':
      'Das Passwort Ihres Kontos wurde geändert, und es wurde überall sonst abgemeldet.',
    'A passkey was added': 'Ein Passkey wurde hinzugefügt',
    'A passkey was added to your account.': 'Ihrem Konto wurde ein Passkey hinzugefügt.',
    'An authenticator app was added': 'Eine Authenticator-App wurde hinzugefügt',
    'An authenticator app was added to your account.': 'Ihrem Konto wurde eine Authenticator-App hinzugefügt.',
    'A passkey was removed': 'Ein Passkey wurde entfernt',
    'A passkey was removed from your account.': 'Ein Passkey wurde aus Ihrem Konto entfernt.',
    'An authenticator app was removed': 'Eine Authenticator-App wurde entfernt',
    'An authenticator app was removed from your account.': 'Eine Authenticator-App wurde aus Ihrem Konto entfernt.',
    'New recovery codes were made': 'Neue Wiederherstellungscodes wurden erstellt',
    'New recovery codes were made for your account; the old ones are worthless.':
      'Für Ihr Konto wurden neue Wiederherstellungscodes erstellt; die alten sind wertlos.',
    'A recovery code was used': 'Ein Wiederherstellungscode wurde verwendet',
    'Somebody signed in to your account with one of its recovery codes.':
      'Jemand hat sich mit einem der Wiederherstellungscodes bei Ihrem Konto angemeldet.',
    'Your account can now be signed in to with an account of another site.':
      'Bei Ihrem Konto kann man sich jetzt mit einem Konto einer anderen Website anmelden.',
    'An account of another site was unlinked from your account.':
      'Die Verknüpfung Ihres Kontos mit einem Konto einer anderen Website wurde gelöst.',
    'Your ways to sign in were reset': 'Ihre Wege zur Anmeldung wurden zurückgesetzt',
    'All passkeys, authenticator apps and recovery codes of your account were removed by whoever runs this site, and you were signed out everywhere.':
      'Alle Passkeys, Authenticator-Apps und Wiederherstellungscodes Ihres Kontos wurden von den Betreibern dieser Website entfernt, und Sie wurden überall abgemeldet.',
    'Your account was removed': 'Ihr Konto wurde gelöscht',
    'Your account was removed, with all it held.': 'Ihr Konto wurde gelöscht, mit allem, was darin war.',
    'Sign-in failed': 'Anmeldung fehlgeschlagen',
    'The sign-in failed': 'Die Anmeldung ist fehlgeschlagen',
    'You were not signed in': 'Sie wurden nicht angemeldet',
    'Try again': 'Noch einmal versuchen',
    'If it happens again, send these details to the people who run this application:':
      'Wenn es wieder geschieht, senden Sie diese Angaben an die Betreiber dieser Anwendung:',
    'You, or a rule of the provider, did not allow this application to sign you in.':
      'Sie oder eine Regel des Anbieters haben dieser Anwendung nicht erlaubt, Sie anzumelden.',
    'This sign-in was not begun in this browser, or it took too long.':
      'Diese Anmeldung begann nicht in diesem Browser, oder sie dauerte zu lange.',
    'You are known to the provider, but what you want to do needs a stronger sign-in than it made.':
      'Der Anbieter kennt Sie, aber was Sie tun möchten, braucht eine stärkere Anmeldung als seine.',
    'You have to sign in again for this, and the provider did not ask you to.':
      'Sie müssen sich hierfür noch einmal anmelden, und der Anbieter hat Sie nicht gefragt.',
    'This needs a stronger proof of who you are.': 'Dafür braucht es einen stärkeren Nachweis, wer Sie sind.',
    'This needs a more recent proof of who you are.': 'Dafür braucht es einen neueren Nachweis, wer Sie sind.',
    'The clocks of this application and of the provider are too far apart. You are not signed in.':
      'Die Uhren dieser Anwendung und des Anbieters gehen zu weit auseinander. Sie sind nicht angemeldet.',
    'What the provider says about you does not fit into the cookie that this application keeps it in.':
      'Was der Anbieter über Sie sagt, passt nicht in das Cookie, in dem diese Anwendung es aufbewahrt.',
    'This application was asked for a sign-in in a way that it does not understand.':
      'Diese Anwendung wurde auf eine Weise um eine Anmeldung gebeten, die sie nicht versteht.',
    'This application does not sign in at the provider that it was asked for.':
      'Diese Anwendung meldet nicht bei dem Anbieter an, nach dem gefragt wurde.',
    'The answer came from another provider than the one that was asked.':
      'Die Antwort kam von einem anderen Anbieter als dem gefragten.',
    'The provider’s answer could not be used. You are not signed in.':
      'Die Antwort des Anbieters war nicht zu gebrauchen. Sie sind nicht angemeldet.',
    'The sign-in service cannot be reached right now. Wait a moment, then try again.':
      'Der Anmeldedienst ist gerade nicht zu erreichen. Warten Sie einen Moment und versuchen Sie es dann noch einmal.',
    'Signing in does not work right now. Try again soon.':
      'Die Anmeldung funktioniert gerade nicht. Versuchen Sie es bald noch einmal.',
    'You signed in, but this application did not see it. Your browser may be blocking its cookie.':
      'Sie haben sich angemeldet, aber diese Anwendung hat es nicht gesehen. Vielleicht blockiert Ihr Browser ihr Cookie.',
  },
};
