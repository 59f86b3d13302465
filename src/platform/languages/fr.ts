import type { Language } from './language.js';

export const french: Language = {
  tag: 'fr',
  name: 'Français',
  direction: 'ltr',
  words: {
    'Sign in': 'Se connecter',
    'to continue to': 'pour continuer vers',
    or: 'ou',
    'Other ways': 'Autres moyens',
    'New here?': 'Pas encore de compte\u202f?',
    'Create an account': 'Créer un compte',
    Username: 'Nom d’utilisateur',
    Password: 'Mot de passe',
    'Forgot your password?': 'Mot de passe oublié\u202f?',
    'Sign in with a passkey': 'Se connecter avec une clé d’accès',
    'Use your passkey or security key': 'Utiliser votre clé d’accès ou clé de sécurité',
    'Sign in with {name}': 'Se connecter avec {name}',
    'Send me a link by mail': 'M’envoyer un lien par e-mail',
    'Send me a code by mail': 'M’envoyer un code par e-mail',
    'Confirm it’s you': 'Confirmez que c’est vous',
    'One more step to sign in as {name}.': 'Encore une étape pour vous connecter en tant que {name}.',
    'One more step to sign in as {name} to {client}.':
      'Encore une étape pour vous connecter en tant que {name} à {client}.',
    'Sign in as somebody else': 'Se connecter avec un autre compte',
    'Code from your authenticator app': 'Code de votre application d’authentification',
    Continue: 'Continuer',
    'Use a recovery code': 'Utiliser un code de secours',
    'Recovery code': 'Code de secours',
    'Use this code': 'Utiliser ce code',
    'Reference {code}': 'Référence {code}',
    'Back to sign-in': 'Retour à la connexion',
    'Sign in by mail': 'Se connecter par e-mail',
    'We send a link to your email address. It signs you in, here in this browser.':
      'Nous envoyons un lien à votre adresse e-mail. Il vous connecte ici, dans ce navigateur.',
    'We send a code to your email address. You type it here.':
      'Nous envoyons un code à votre adresse e-mail. Vous le saisissez ici.',
    'Send me the link': 'M’envoyer le lien',
    'Send me the code': 'M’envoyer le code',
    'Username or email address': 'Nom d’utilisateur ou adresse e-mail',
    'Email address': 'Adresse e-mail',
    'Look into your mail': 'Consultez vos e-mails',
    'If there is such an account, a link is on its way to its email address. Open it in this browser.':
      'Si ce compte existe, un lien est en route vers son adresse e-mail. Ouvrez-le dans ce navigateur.',
    'If there is such an account, a link is on its way to its email address.':
      'Si ce compte existe, un lien est en route vers son adresse e-mail.',
    'A mail is on its way. Its link leads on to your account.': 'Un e-mail est en route. Son lien mène à votre compte.',
    'Nothing there? Look into the folder for unwanted mail. We write only to an address that is known to be yours, and not more than a few times in a quarter of an hour.':
      'Rien reçu\u202f? Regardez dans le dossier du courrier indésirable. Nous n’écrivons qu’à une adresse dont nous savons qu’elle est la vôtre, et seulement quelques fois par quart d’heure.',
    'Type the code': 'Saisissez le code',
    'If there is such an account, a code is on its way to its email address.':
      'Si ce compte existe, un code est en route vers son adresse e-mail.',
    'Code from the mail': 'Code reçu par e-mail',
    'Send another code': 'Envoyer un autre code',
    'You asked for this link to sign in as {name}.':
      'Vous avez demandé ce lien pour vous connecter en tant que {name}.',
    'Sign in another way': 'Se connecter autrement',
    'We send a link to your email address, with which you choose a new one.':
      'Nous envoyons un lien à votre adresse e-mail, avec lequel vous en choisissez un nouveau.',
    'Choose a new password': 'Choisir un nouveau mot de passe',
    'You are signed out everywhere, and sign in with the new password then.':
      'Vous êtes déconnecté partout, puis vous vous connectez avec le nouveau mot de passe.',
    'Set the new password': 'Définir le nouveau mot de passe',
    'Your password is new': 'Votre mot de passe a été changé',
    'You were signed out everywhere. Sign in with the new password.':
      'Vous avez été déconnecté partout. Connectez-vous avec le nouveau mot de passe.',
    'New password': 'Nouveau mot de passe',
    'At least {count} characters, any you like. A few words that do not belong together are easy to remember.':
      'Au moins {count} caractères, de votre choix. Quelques mots sans rapport entre eux sont faciles à retenir.',
    'We send a link to your email address. It leads on to your account.':
      'Nous envoyons un lien à votre adresse e-mail. Il mène à votre compte.',
    'Your account': 'Votre compte',
    'Your address is {email}.': 'Votre adresse est {email}.',
    'Your name (if you like)': 'Votre nom (si vous le souhaitez)',
    'Make my account': 'Créer mon compte',
    'Not linked yet': 'Pas encore lié',
    'Your account at {name} is not linked with an account here.':
      'Votre compte chez {name} n’est lié à aucun compte ici.',
    'Do you have an account here? Sign in to it once, as you always do. From then on you can use either.':
      'Avez-vous un compte ici\u202f? Connectez-vous une fois, comme d’habitude. Ensuite, vous pourrez utiliser l’un ou l’autre.',
    'Link my account': 'Lier mon compte',
    'Make a new account': 'Créer un nouveau compte',
    'Set up a second factor': 'Configurer un second facteur',
    'Your password alone is not enough here. You need an authenticator app on your phone.':
      'Votre mot de passe seul ne suffit pas ici. Il vous faut une application d’authentification sur votre téléphone.',
    'Scan this code with your authenticator app.': 'Scannez ce code avec votre application d’authentification.',
    'Then type the six digits that the app shows.': 'Saisissez ensuite les six chiffres que l’application affiche.',
    'QR code that holds the key below': 'Code QR contenant la clé ci-dessous',
    'I can’t scan it': 'Je ne peux pas le scanner',
    'Type this key into the app: {secret}': 'Saisissez cette clé dans l’application\u00a0: {secret}',
    Code: 'Code',
    'Your recovery codes': 'Vos codes de secours',
    'Keep these codes where your phone is not: printed, or in a password manager. Each signs you in once when your second factor is gone. They are not shown again.':
      'Gardez ces codes là où votre téléphone n’est pas\u00a0: imprimés, ou dans un gestionnaire de mots de passe. Chacun vous connecte une fois si vous perdez votre second facteur. Ils ne seront plus affichés.',
    'I have kept them': 'Je les ai conservés',
    'One sign\u2011in, every app': 'Une connexion, toutes les applications',
    'You are not signed in. Sign in here once and every application behind the gate knows you.':
      'Vous n’êtes pas connecté. Connectez-vous ici une fois, et chaque application derrière la porte vous connaît.',
    'You are signed in': 'Vous êtes connecté',
    'Your applications': 'Vos applications',
    'Sign out': 'Se déconnecter',
    'Sign out?': 'Se déconnecter\u202f?',
    '{client} asks to sign you out.': '{client} demande à vous déconnecter.',
    'You are signed in as {name} ({username}).': 'Vous êtes connecté en tant que {name} ({username}).',
    'After this, applications in this browser will ask you to sign in again.':
      'Ensuite, les applications de ce navigateur vous demanderont de vous reconnecter.',
    'Stay signed in': 'Rester connecté',
    'Signed out': 'Déconnecté',
    'You are signed out': 'Vous êtes déconnecté',
    'The applications in this browser are being told.': 'Les applications de ce navigateur en sont informées.',
    'The gate is closed.': 'La porte est fermée.',
    'On a shared computer, close the browser’s windows as well.':
      'Sur un ordinateur partagé, fermez aussi les fenêtres du navigateur.',
    '{enforced} of {applications} applications enforced it.': {
      by: 'enforced',
      one: '{enforced} application sur {applications} l’a appliqué.',
      other: '{enforced} applications sur {applications} l’ont appliqué.',
    },
    '{enforced} of {applications} applications enforced it, in {time}.': {
      by: 'enforced',
      one: '{enforced} application sur {applications} l’a appliqué, en {time}.',
      other: '{enforced} applications sur {applications} l’ont appliqué, en {time}.',
    },
    'Back to {client}': 'Retour à {client}',
    'To the start page': 'Aller à la page d’accueil',
    'Signing out of an application': 'Déconnexion d’une application',
    'Allow access': 'Autoriser l’accès',
    'Unnamed application': 'Application sans nom',
    'About this application': 'À propos de cette application',
    'Privacy policy': 'Politique de confidentialité',
    'Terms of service': 'Conditions d’utilisation',
    '(opens in a new tab)': '(s’ouvre dans un nouvel onglet)',
    'This application registered itself. Nobody here has checked who runs it.':
      'Cette application s’est enregistrée elle-même. Personne ici n’a vérifié qui la gère.',
    'Allow {client} to use your account?': 'Autoriser {client} à utiliser votre compte\u202f?',
    'It will be able to': 'Elle pourra',
    'Know that it is you, and nothing else about you': 'Savoir que c’est vous, et rien d’autre à votre sujet',
    'Know who you are when you sign in': 'Savoir qui vous êtes quand vous vous connectez',
    'See your profile: name, picture, birthday and the like':
      'Voir votre profil\u00a0: nom, photo, anniversaire et autres',
    'See your email address': 'Voir votre adresse e-mail',
    'See your postal address': 'Voir votre adresse postale',
    'See your phone number': 'Voir votre numéro de téléphone',
    'Keep this access while you are away, until you take it back':
      'Garder cet accès en votre absence, jusqu’à ce que vous le retiriez',
    'Use {scope} for you': 'Utiliser {scope} pour vous',
    'Used at {places}': 'Utilisé chez {places}',
    Allow: 'Autoriser',
    Deny: 'Refuser',
    'Connect a device': 'Connecter un appareil',
    'Enter the code that your device shows.': 'Saisissez le code que votre appareil affiche.',
    'Go on only if your device shows this very code.': 'Ne continuez que si votre appareil affiche exactement ce code.',
    'Allow {client} on a device to use your account?':
      'Autoriser {client}, sur un appareil, à utiliser votre compte\u202f?',
    'Does your device show this code?': 'Votre appareil affiche-t-il ce code\u202f?',
    'Allow it only if you have the device in front of you.': 'N’autorisez que si l’appareil est devant vous.',
    'If somebody sent you the code or a link, they are trying to get into your account: deny it.':
      'Si quelqu’un vous a envoyé le code ou un lien, il essaie d’entrer dans votre compte\u00a0: refusez.',
    'Your device is connected': 'Votre appareil est connecté',
    'The device was refused': 'L’appareil a été refusé',
    '{client} goes on in a few seconds. You can close this page.':
      '{client} continue dans quelques secondes. Vous pouvez fermer cette page.',
    '{client} was told no, and has no access to your account. You can close this page.':
      '{client} a essuyé un refus et n’a aucun accès à votre compte. Vous pouvez fermer cette page.',
    'Back to the application': 'Retour à l’application',
    'You are on your way. If nothing happens, press the button.':
      'Redirection en cours. Si rien ne se passe, appuyez sur le bouton.',
    'How you sign in': 'Comment vous vous connectez',
    'You are signed in as {name}.': 'Vous êtes connecté en tant que {name}.',
    Passkeys: 'Clés d’accès',
    'No passkeys yet.': 'Aucune clé d’accès pour l’instant.',
    'Authenticator apps': 'Applications d’authentification',
    'None. An app on your phone makes your account much harder to steal.':
      'Aucune. Avec une application sur votre téléphone, votre compte est bien plus difficile à voler.',
    '{count} recovery codes left.': {
      by: 'count',
      one: 'Il reste {count} code de secours.',
      other: 'Il reste {count} codes de secours.',
    },
    'Change how you sign in': 'Modifier vos moyens de connexion',
    'Add a passkey': 'Ajouter une clé d’accès',
    'Add an authenticator app': 'Ajouter une application d’authentification',
    'New recovery codes': 'Nouveaux codes de secours',
    'Accounts of other sites': 'Comptes d’autres sites',
    'Your email address': 'Votre adresse e-mail',
    'Change your password': 'Changer de mot de passe',
    Profile: 'Profil',
    'Where you are signed in': 'Où vous êtes connecté',
    'Connected applications': 'Applications connectées',
    'Recent security events': 'Événements de sécurité récents',
    'Your data': 'Vos données',
    'Remove your account': 'Supprimer votre compte',
    'Start page': 'Page d’accueil',
    Language: 'Langue',
    Change: 'Modifier',
    'Add this app': 'Ajouter cette application',
    'Authenticator app': 'Application d’authentification',
    Passkey: 'Clé d’accès',
    'Your passkey': 'Votre clé d’accès',
    'Your authenticator app': 'Votre application d’authentification',
    'Added {date}.': 'Date d’ajout\u00a0: {date}.',
    'Not used yet.': 'Pas encore d’utilisation.',
    'Last used {date}.': 'Dernière utilisation\u00a0: {date}.',
    Name: 'Nom',
    'Save the name': 'Enregistrer le nom',
    'You cannot sign in with it any more. If it is lost, remove it and add another one.':
      'Vous ne pourrez plus vous connecter avec elle. En cas de perte, supprimez-la et ajoutez-en une autre.',
    'Remove this passkey': 'Supprimer cette clé d’accès',
    'Remove this authenticator app': 'Supprimer cette application d’authentification',
    'A passkey signs you in with the lock of this device, or with a security key. It works on this site alone, so nobody can talk you out of it.':
      'Une clé d’accès vous connecte avec le verrouillage de cet appareil, ou avec une clé de sécurité. Elle ne fonctionne que sur ce site\u00a0: personne ne peut donc vous la soutirer.',
    'Passkeys need JavaScript. Turn it on for this page, or use an authenticator app instead.':
      'Les clés d’accès ont besoin de JavaScript. Activez-le pour cette page, ou utilisez plutôt une application d’authentification.',
    'No passkey was made. Try again.': 'Aucune clé d’accès n’a été créée. Réessayez.',
    'This device or security key is one of your passkeys already.':
      'Cet appareil ou cette clé de sécurité fait déjà partie de vos clés d’accès.',
    'For example: laptop': 'Par exemple\u00a0: ordinateur portable',
    'You have {count} codes left. A new set makes them worthless.': {
      by: 'count',
      one: 'Il vous reste {count} code. Un nouveau jeu le rend inutilisable.',
      other: 'Il vous reste {count} codes. Un nouveau jeu les rend inutilisables.',
    },
    'You have no codes left. A new set lets you in when your second factor is gone.':
      'Il ne vous reste aucun code. Un nouveau jeu vous laisse entrer si vous perdez votre second facteur.',
    'Make new codes': 'Créer de nouveaux codes',
    'You stay signed in here, and are signed out everywhere else.':
      'Vous restez connecté ici, et êtes déconnecté partout ailleurs.',
    'Change password': 'Changer le mot de passe',
    'None is linked yet. With one that is, you can sign in here, too.':
      'Aucun n’est encore lié. Avec un compte lié, vous pouvez aussi vous connecter ici.',
    Unlink: 'Dissocier',
    'Unlink {name}': 'Dissocier {name}',
    'Link an account of {name}': 'Lier un compte {name}',
    'You have none here yet. Without one nobody can help you back in when you forget your password.':
      'Vous n’en avez pas encore ici. Sans elle, personne ne peut vous aider à revenir si vous oubliez votre mot de passe.',
    'It is {email}.': 'C’est {email}.',
    'It is {email}, and not confirmed yet: send yourself the mail below.':
      'C’est {email}, et elle n’est pas encore confirmée\u00a0: envoyez-vous l’e-mail ci-dessous.',
    'New email address': 'Nouvelle adresse e-mail',
    'Send a mail to confirm it': 'Envoyer un e-mail de confirmation',
    'A mail is on its way to {email}. Open its link while you are signed in here; until then everything stays as it is.':
      'Un e-mail est en route vers {email}. Ouvrez son lien pendant que vous êtes connecté ici\u202f; d’ici là, rien ne change.',
    'Undo the change': 'Annuler la modification',
    'Confirm your email address': 'Confirmer votre adresse e-mail',
    'Your account gets this address back, and is signed out everywhere: {email}':
      'Votre compte retrouve cette adresse, et est déconnecté partout\u00a0: {email}',
    'This becomes the address of your account: {email}': 'Ceci devient l’adresse de votre compte\u00a0: {email}',
    Confirm: 'Confirmer',
    'Your address is back': 'Votre adresse est rétablie',
    'Your account was signed out everywhere, and what was added since then to sign in with is gone. Somebody knew enough to change it, so choose a new password now: we send a link to this address.':
      'Votre compte a été déconnecté partout, et les moyens de connexion ajoutés depuis sont supprimés. Quelqu’un en savait assez pour le modifier\u202f; choisissez donc maintenant un nouveau mot de passe\u00a0: nous envoyons un lien à cette adresse.',
    'Your profile': 'Votre profil',
    'Saved. Applications see it when they look next.':
      'Enregistré. Les applications le verront à leur prochaine consultation.',
    'You sign in as {name}. Applications that you let see your profile see this:':
      'Vous vous connectez en tant que {name}. Les applications autorisées à voir votre profil voient ceci\u00a0:',
    'Full name': 'Nom complet',
    'Given name': 'Prénom',
    'Family name': 'Nom de famille',
    Nickname: 'Surnom',
    'As the browser asks': 'Celle du navigateur',
    'Of our pages when you are signed in, and of the mails that we write to you.':
      'De nos pages quand vous êtes connecté, et des e-mails que nous vous écrivons.',
    Save: 'Enregistrer',
    'One file, in JSON, with everything that is kept about you here: your profile, how you sign in, where you are signed in, the applications you let in, and what happened to your account. It holds no secrets: no password, no key.':
      'Un fichier, au format JSON, avec tout ce qui est conservé ici à votre sujet\u00a0: votre profil, comment vous vous connectez, où vous êtes connecté, les applications que vous avez autorisées, et ce qui est arrivé à votre compte. Il ne contient aucun secret\u00a0: ni mot de passe, ni clé.',
    'Download your data': 'Télécharger vos données',
    'Your account is gone for good, with your profile, all you sign in with, and what applications may do for you. You are signed out everywhere. What applications keep about you themselves, only they can remove.':
      'Votre compte disparaît pour toujours, avec votre profil, tout ce avec quoi vous vous connectez, et ce que les applications peuvent faire pour vous. Vous êtes déconnecté partout. Seules les applications peuvent supprimer ce qu’elles conservent elles-mêmes à votre sujet.',
    'Download your data first, if you want to keep it.': 'Téléchargez d’abord vos données, si vous voulez les garder.',
    'Type your username, {username}, to confirm': 'Saisissez votre nom d’utilisateur, {username}, pour confirmer',
    'Remove my account for good': 'Supprimer définitivement mon compte',
    'Account removed': 'Compte supprimé',
    'Your account is removed': 'Votre compte est supprimé',
    'You are signed out everywhere, and nothing that was given in your name is worth anything now.':
      'Vous êtes déconnecté partout, et rien de ce qui a été accordé en votre nom n’est plus valable.',
    'That device is signed out.': 'Cet appareil est déconnecté.',
    'Sign out of {device}': 'Se déconnecter de {device}',
    'Ends every session, here too, and takes back what applications were given, also while you are away.':
      'Met fin à toutes les sessions, ici aussi, et retire ce que les applications ont reçu, y compris pour votre absence.',
    'Sign out everywhere': 'Se déconnecter partout',
    'This device': 'Cet appareil',
    'From {address}, since {date}': 'Adresse\u00a0: {address}, depuis le {date}',
    'an unknown address': 'inconnue',
    'Last seen {date}': 'Dernière activité\u00a0: {date}',
    'Applications: {names}': 'Applications\u00a0: {names}',
    '{browser} on {system}': '{browser} sur {system}',
    'Unknown browser': 'Navigateur inconnu',
    'You are signed out everywhere': 'Vous êtes déconnecté partout',
    'Every session has ended, and what applications were given is worth nothing any more.':
      'Toutes les sessions sont terminées, et ce que les applications ont reçu ne vaut plus rien.',
    Confirmed: 'Confirmé',
    '{done} of {total} confirmed so far': 'Confirmé jusqu’ici\u00a0: {done} sur {total}',
    'You have let no application in.': 'Vous n’avez autorisé aucune application.',
    'Take access back': 'Retirer l’accès',
    'Take access back from {client}': 'Retirer l’accès\u00a0: {client}',
    'Since {date}': 'Depuis le {date}',
    'Last let in {date}': 'Dernière autorisation\u00a0: {date}',
    'Has access while you are away': 'A accès en votre absence',
    'You allowed: {scopes}': 'Vous avez autorisé\u00a0: {scopes}',
    'Is there something that was not you? Change your password, and sign out everywhere.':
      'Quelque chose ne vient pas de vous\u202f? Changez de mot de passe et déconnectez-vous partout.',
    'Signed in': 'Connecté',
    'A sign-in was refused': 'Une connexion a été refusée',
    'Signed out everywhere': 'Déconnecté partout',
    'An application was given access': 'Une application a reçu l’accès',
    'Access was taken back from an application': 'L’accès a été retiré à une application',
    'The profile was changed': 'Le profil a été modifié',
    'The data of the account was downloaded': 'Les données du compte ont été téléchargées',
    'A way to sign in was added': 'Un moyen de connexion a été ajouté',
    'A way to sign in was renamed': 'Un moyen de connexion a été renommé',
    'A way to sign in was removed': 'Un moyen de connexion a été supprimé',
    'All passkeys, apps and codes were removed': 'Les clés d’accès, applications et codes ont tous été supprimés',
    'The password was changed': 'Le mot de passe a été changé',
    'A link for a new password was asked for': 'Un lien pour un nouveau mot de passe a été demandé',
    'A mail to sign in was asked for': 'Un e-mail de connexion a été demandé',
    'A new email address was entered': 'Une nouvelle adresse e-mail a été saisie',
    'The email address was changed': 'L’adresse e-mail a été modifiée',
    'The change of the email address was undone': 'La modification de l’adresse e-mail a été annulée',
    'The email address was confirmed': 'L’adresse e-mail a été confirmée',
    'The account was made': 'Le compte a été créé',
    'The roles of the account were changed': 'Les rôles du compte ont été modifiés',
    'The account was suspended': 'Le compte a été suspendu',
    'The account was restored': 'Le compte a été rétabli',
    'The account was removed': 'Le compte a été supprimé',
    'Something about the account changed': 'Quelque chose a changé dans le compte',
    'Recovery codes': 'Codes de secours',
    'Account of another site': 'Compte d’un autre site',
    '{date}, by the operator': '{date}, par l’exploitant',
    '{date}, from {address}, {device}': '{date}, depuis {address}, {device}',
    Error: 'Erreur',
    Parameter: 'Paramètre',
    Status: 'État',
    Reference: 'Référence',
    'Something went wrong here': 'Un problème est survenu ici',
    'This request can’t be completed': 'Cette demande ne peut pas aboutir',
    'This is our fault, not yours. Wait a minute, then try again.':
      'C’est notre faute, pas la vôtre. Attendez une minute, puis réessayez.',
    'Go back to the application you came from and start again from there.':
      'Retournez à l’application d’où vous venez et recommencez.',
    'If it happens again, send these details to the people who run it:':
      'Si cela se reproduit, envoyez ces détails aux responsables\u00a0:',
    'Sign out here': 'Se déconnecter ici',
    'Back to your account': 'Retour à votre compte',
    'The username or the password is not right.': 'Le nom d’utilisateur ou le mot de passe est incorrect.',
    'The server is busy. Try again in a moment.': 'Le serveur est occupé. Réessayez dans un instant.',
    'Too many attempts. Wait a while, then try again.': 'Trop de tentatives. Attendez un peu, puis réessayez.',
    'That did not work. Try again, or sign in another way.':
      'Cela n’a pas fonctionné. Réessayez, ou connectez-vous autrement.',
    'This code is not right, or it was used already.': 'Ce code est incorrect, ou il a déjà été utilisé.',
    'This code is not right. Wait for the next one and try again.':
      'Ce code est incorrect. Attendez le suivant et réessayez.',
    'This code is not right, or too old. After five wrong ones ask for another.':
      'Ce code est incorrect, ou trop ancien. Après cinq erreurs, demandez-en un autre.',
    'There is no such way to sign in, any more. Choose another.':
      'Ce moyen de connexion n’existe plus. Choisissez-en un autre.',
    '{name} cannot be reached right now. Sign in another way, or try again.':
      '{name} est injoignable pour le moment. Connectez-vous autrement, ou réessayez.',
    '{name} did not let you in, or you did not want to go on there.':
      '{name} ne vous a pas laissé entrer, ou vous n’avez pas voulu continuer là-bas.',
    'You must sign in anew for this, and {name} did not ask you again.':
      'Vous devez vous reconnecter pour cela, et {name} ne vous l’a pas redemandé.',
    'The answer of {name} is not right, so nobody was signed in. Begin again.':
      'La réponse de {name} est incorrecte, personne n’a donc été connecté. Recommencez.',
    'This sign-in is finished, has expired, or began in another browser. Begin again.':
      'Cette connexion est terminée, a expiré, ou a commencé dans un autre navigateur. Recommencez.',
    'This sign-in has expired, is finished, or began in another browser.':
      'Cette connexion a expiré, est terminée, ou a commencé dans un autre navigateur.',
    'This form does not belong to this browser. Open the sign-in page again.':
      'Ce formulaire n’appartient pas à ce navigateur. Ouvrez à nouveau la page de connexion.',
    'This form was not sent from our own page. Go back and try again.':
      'Ce formulaire ne vient pas de notre page. Revenez en arrière et réessayez.',
    'This page belongs to a sign-in that has ended, or to another browser.':
      'Cette page appartient à une connexion terminée, ou à un autre navigateur.',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another.':
      'Ce lien a déjà été utilisé, est trop ancien, ou a été remplacé par un plus récent. Demandez-en un autre.',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another on the sign-in page.':
      'Ce lien a déjà été utilisé, est trop ancien, ou a été remplacé par un plus récent. Demandez-en un autre sur la page de connexion.',
    'This link was used already, is too old, or was replaced by a newer one. Sign up again to get another.':
      'Ce lien a déjà été utilisé, est trop ancien, ou a été remplacé par un plus récent. Inscrivez-vous à nouveau pour en recevoir un autre.',
    'This link works in the browser in which it was asked for. Open it there, or ask for a new one here.':
      'Ce lien fonctionne dans le navigateur où il a été demandé. Ouvrez-le là-bas, ou demandez-en un nouveau ici.',
    'The account here that this one is linked with cannot be used.':
      'Le compte d’ici auquel celui-ci est lié ne peut pas être utilisé.',
    'It is linked with another account here.': 'Il est lié à un autre compte ici.',
    'The application is not known here.': 'L’application n’est pas connue ici.',
    'Too many sign-ins begin from your network. Try again in a few minutes.':
      'Trop de connexions commencent depuis votre réseau. Réessayez dans quelques minutes.',
    'The code has expired, or it was answered already. Ask your device for a new one.':
      'Le code a expiré, ou il a déjà reçu une réponse. Demandez-en un nouveau à votre appareil.',
    'There is nothing at this address.': 'Il n’y a rien à cette adresse.',
    'The server could not complete this request.': 'Le serveur n’a pas pu traiter cette demande.',
    'The server cannot answer right now. Try again in a moment.':
      'Le serveur ne peut pas répondre pour le moment. Réessayez dans un instant.',
    'This is not an email address that can be used here.': 'Cette adresse e-mail ne peut pas être utilisée ici.',
    'This email address belongs to another account.': 'Cette adresse e-mail appartient à un autre compte.',
    'This username is taken. Choose another.': 'Ce nom d’utilisateur est pris. Choisissez-en un autre.',
    'This username is reserved. Choose another.': 'Ce nom d’utilisateur est réservé. Choisissez-en un autre.',
    'A username is made of letters and digits, with single dots, hyphens or underscores between them. It is not an email address.':
      'Un nom d’utilisateur se compose de lettres et de chiffres, séparés par des points, traits d’union ou traits bas isolés. Ce n’est pas une adresse e-mail.',
    'A username has no spaces around it, invisible or wide characters in it.':
      'Un nom d’utilisateur n’a ni espaces autour, ni caractères invisibles ou larges.',
    'A username has 1 to {count} visible characters.': 'Un nom d’utilisateur a de 1 à {count} caractères visibles.',
    'This username has a letter or a mark that looks like another, or cannot be seen. Choose another.':
      'Ce nom d’utilisateur contient une lettre ou un signe qui ressemble à un autre, ou qui ne se voit pas. Choisissez-en un autre.',
    'A username is written in one script: this one mixes letters that look alike.':
      'Un nom d’utilisateur s’écrit dans un seul alphabet\u00a0: celui-ci mélange des lettres qui se ressemblent.',
    'All letters of this username look like letters of another script. Choose another.':
      'Toutes les lettres de ce nom d’utilisateur ressemblent à celles d’un autre alphabet. Choisissez-en un autre.',
    'This password is one that others try first: it is common, or easy to guess. Choose another.':
      'Ce mot de passe est de ceux que l’on essaie en premier\u00a0: il est courant, ou facile à deviner. Choisissez-en un autre.',
    'A password has at least {count} characters. A few words that do not belong together are easy to remember.':
      'Un mot de passe a au moins {count} caractères. Quelques mots sans rapport entre eux sont faciles à retenir.',
    Details: 'Détails',
    'The request is not made as it should be.': 'La demande n’est pas faite comme il faut.',
    '{name} cannot be reached right now. Try again in a moment.':
      '{name} est injoignable pour le moment. Réessayez dans un instant.',
    'This is the only way you have to sign in. Add another one first, or choose a password.':
      'C’est votre seul moyen de connexion. Ajoutez-en d’abord un autre, ou choisissez un mot de passe.',
    'You have no such way to sign in, any more.': 'Vous n’avez plus ce moyen de connexion.',
    'There are too many linked accounts. Remove one first.': 'Trop de comptes sont liés. Supprimez-en d’abord un.',
    'There is no such site.': 'Ce site n’existe pas.',
    'This application has no access any more.': 'Cette application n’a plus d’accès.',
    'This page was open for too long. Open it again.':
      'Cette page est restée ouverte trop longtemps. Ouvrez-la à nouveau.',
    'The form asks for nothing we know.': 'Le formulaire ne demande rien que nous connaissions.',
    'A name has at least one character.': 'Un nom a au moins un caractère.',
    'A name has at most {count} characters, on one line, and all of them can be seen.':
      'Un nom a au plus {count} caractères, tous visibles, sur une seule ligne.',
    'This link was used already, or is too old.': 'Ce lien a déjà été utilisé, ou est trop ancien.',
    'This link was used already, is too old, or was replaced by a newer one.':
      'Ce lien a déjà été utilisé, est trop ancien, ou a été remplacé par un plus récent.',
    'This link belongs to another account. Sign in to that one first.':
      'Ce lien appartient à un autre compte. Connectez-vous d’abord à celui-là.',
    'Addresses are not changed here.': 'Les adresses ne se changent pas ici.',
    'Passwords are not kept here.': 'Les mots de passe ne sont pas conservés ici.',
    'Passwords are not reset here.': 'Les mots de passe ne se réinitialisent pas ici.',
    'Profiles are not kept here.': 'Les profils ne sont pas conservés ici.',
    'Accounts are not made here.': 'Les comptes ne se créent pas ici.',
    'Accounts are not removed here.': 'Les comptes ne se suppriment pas ici.',
    'There are no passkeys at this address.': 'Il n’y a pas de clés d’accès à cette adresse.',
    'Too many mails were asked for. Wait an hour, then try again.':
      'Trop d’e-mails ont été demandés. Attendez une heure, puis réessayez.',
    'This sign-in has ended, or began in another browser.':
      'Cette connexion est terminée, ou a commencé dans un autre navigateur.',
    'This passkey was not added: it is known already, or its answer was not right. Try again.':
      'Cette clé d’accès n’a pas été ajoutée\u00a0: elle est déjà connue, ou sa réponse était incorrecte. Réessayez.',
    'This session has ended already.': 'Cette session est déjà terminée.',
    'This is not your username. Nothing was removed.': 'Ce n’est pas votre nom d’utilisateur. Rien n’a été supprimé.',
    'The form holds no decision.': 'Le formulaire ne contient aucune décision.',
    'This sign-in is not waiting for a decision. Go back and start again.':
      'Cette connexion n’attend pas de décision. Revenez en arrière et recommencez.',
    'This code is not known, or it has expired. Check it, or ask your device for a new one.':
      'Ce code n’est pas connu, ou il a expiré. Vérifiez-le, ou demandez-en un nouveau à votre appareil.',
    'Too many wrong codes were entered. Try again in {minutes}.':
      'Trop de codes erronés ont été saisis. Réessayez dans {minutes}.',
    'Too many wrong codes were entered. Sign in first and enter the code then, or try again in {minutes}.':
      'Trop de codes erronés ont été saisis. Connectez-vous d’abord, puis saisissez le code, ou réessayez dans {minutes}.',
    'The redirect_uri is not registered for this application.':
      'La redirect_uri n’est pas enregistrée pour cette application.',
    'The id_token_hint is not an ID token of this provider.':
      'L’id_token_hint n’est pas un jeton d’identité de ce fournisseur.',
    'The id_token_hint was issued to another application than client_id names.':
      'L’id_token_hint a été émis pour une autre application que celle que nomme client_id.',
    'The post_logout_redirect_uri is not registered for this application.':
      'La post_logout_redirect_uri n’est pas enregistrée pour cette application.',
    'This way to sign in does not belong to this step.': 'Ce moyen de connexion n’appartient pas à cette étape.',
    'A parameter comes more than once.': 'Un paramètre apparaît plus d’une fois.',
    'A password has 1 to {count} bytes.': 'Un mot de passe a de 1 à {count} octets.',
    'The server refused this request.': 'Le serveur a refusé cette demande.',
    'This page takes a form, not this kind of content.': 'Cette page accepte un formulaire, pas ce type de contenu.',
    'The form has too many fields.': 'Le formulaire a trop de champs.',
    'A field of the form is missing or comes more than once.':
      'Un champ du formulaire manque ou apparaît plus d’une fois.',
    'The request is too large.': 'La demande est trop volumineuse.',
    'The request has a content type that is not accepted here.':
      'La demande a un type de contenu qui n’est pas accepté ici.',
    'The request could not be read.': 'La demande n’a pas pu être lue.',
    'Hello {name},': 'Bonjour {name},',
    'Hello and welcome,': 'Bonjour et bienvenue,',
    'Or copy this address into your browser:': 'Ou copiez cette adresse dans votre navigateur\u00a0:',
    'This mail was sent by {service}. Nobody reads answers to it.':
      'Cet e-mail a été envoyé par {service}. Personne ne lit les réponses.',
    'If you did not ask for this, do nothing: it is good for nobody but whoever reads this mail.':
      'Si vous ne l’avez pas demandé, ne faites rien\u00a0: il ne sert qu’à la personne qui lit cet e-mail.',
    'Sign in to {service}': 'Connexion à {service}',
    'Use this link to sign in. It works once, within {minutes}, in the browser in which you asked for it.':
      'Utilisez ce lien pour vous connecter. Il fonctionne une fois, dans un délai de {minutes}, dans le navigateur où vous l’avez demandé.',
    'Your code for {service}': 'Votre code pour {service}',
    'Type this code on the page on which you asked for it. It works once, within {minutes}.':
      'Saisissez ce code sur la page où vous l’avez demandé. Il fonctionne une fois, dans un délai de {minutes}.',
    'Nobody from {service} will ever ask you for it.': 'Personne de {service} ne vous le demandera jamais.',
    'A new password for {service}': 'Un nouveau mot de passe pour {service}',
    'Somebody, hopefully you, forgot the password of your account. Choose a new one with this link within {minutes}.':
      'Quelqu’un (sans doute vous) a oublié le mot de passe de votre compte. Choisissez-en un nouveau avec ce lien dans un délai de {minutes}.',
    'If it was not you, do nothing: your password stays as it is.':
      'Si ce n’était pas vous, ne faites rien\u00a0: votre mot de passe reste le même.',
    'How you sign in to {service}': 'Comment vous vous connectez à {service}',
    'Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.':
      'Quelqu’un (sans doute vous) a oublié le mot de passe de votre compte. Il n’en a pas\u00a0: vous vous connectez autrement.',
    'Open the sign-in page and choose the way you always do.':
      'Ouvrez la page de connexion et choisissez votre moyen habituel.',
    'Your account at {service}': 'Votre compte chez {service}',
    'Somebody, hopefully you, wants to make an account with this address. Go on with this link within {hours}.':
      'Quelqu’un (sans doute vous) veut créer un compte avec cette adresse. Continuez avec ce lien dans un délai de {hours}.',
    'If it was not you, do nothing, and there will be no account.':
      'Si ce n’était pas vous, ne faites rien, et il n’y aura pas de compte.',
    'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.':
      'Quelqu’un (sans doute vous) a voulu créer un compte avec cette adresse. Il y en a déjà un\u00a0: connectez-vous, ou choisissez un nouveau mot de passe si vous avez oublié le vôtre.',
    'If it was not you, do nothing.': 'Si ce n’était pas vous, ne faites rien.',
    'Is this your address?': 'Est-ce votre adresse\u202f?',
    'Somebody, hopefully you, says that this is the email address of their account at {service}. Confirm it within {hours}, signed in to that account.':
      'Quelqu’un (sans doute vous) indique que c’est l’adresse e-mail de son compte chez {service}. Confirmez-la dans un délai de {hours}, connecté à ce compte.',
    'Confirm this address': 'Confirmer cette adresse',
    'Your address at {service}': 'Votre adresse chez {service}',
    'Somebody wanted to use this email address for another account at {service}. It is the address of your account, and stays that.':
      'Quelqu’un a voulu utiliser cette adresse e-mail pour un autre compte chez {service}. C’est l’adresse de votre compte, et elle le reste.',
    'If that was you, sign in to the account that has this address, and remove or change it there first.':
      'Si c’était vous, connectez-vous au compte qui a cette adresse, et supprimez-la ou modifiez-la d’abord là-bas.',
    'Your email address was changed': 'Votre adresse e-mail a été modifiée',
    'The email address of your account is {email} now; mails go there.':
      'L’adresse e-mail de votre compte est maintenant {email}\u202f; les e-mails y sont envoyés.',
    'If that was you, there is nothing to do. If it was not, undo it within {days}: your account gets this address back and is signed out everywhere. Then choose a new password.':
      'Si c’était vous, il n’y a rien à faire. Sinon, annulez-le dans un délai de {days}\u00a0: votre compte retrouve cette adresse et est déconnecté partout. Choisissez ensuite un nouveau mot de passe.',
    'That was not me: undo it': 'Ce n’était pas moi\u00a0: annuler',
    'If that was you, there is nothing to do. If it was not, change your password at once: it signs everybody out.':
      'Si c’était vous, il n’y a rien à faire. Sinon, changez tout de suite de mot de passe\u00a0: cela déconnecte tout le monde.',
    'If that was you, there is nothing to do. If it was not, write to whoever runs this site at once.':
      'Si c’était vous, il n’y a rien à faire. Sinon, écrivez tout de suite aux responsables de ce site.',
    'Your password was changed': 'Votre mot de passe a été changé',
    'The password of your account was changed, and it was signed out everywhere else.':
      'Le mot de passe de votre compte a été changé, et il a été déconnecté partout ailleurs.',
    'A passkey was added': 'Une clé d’accès a été ajoutée',
    'A passkey was added to your account.': 'Une clé d’accès a été ajoutée à votre compte.',
    'An authenticator app was added': 'Une application d’authentification a été ajoutée',
    'An authenticator app was added to your account.':
      'Une application d’authentification a été ajoutée à votre compte.',
    'A passkey was removed': 'Une clé d’accès a été supprimée',
    'A passkey was removed from your account.': 'Une clé d’accès a été supprimée de votre compte.',
    'An authenticator app was removed': 'Une application d’authentification a été supprimée',
    'An authenticator app was removed from your account.':
      'Une application d’authentification a été supprimée de votre compte.',
    'New recovery codes were made': 'De nouveaux codes de secours ont été créés',
    'New recovery codes were made for your account; the old ones are worthless.':
      'De nouveaux codes de secours ont été créés pour votre compte\u202f; les anciens ne valent plus rien.',
    'A recovery code was used': 'Un code de secours a été utilisé',
    'Somebody signed in to your account with one of its recovery codes.':
      'Quelqu’un s’est connecté à votre compte avec l’un de ses codes de secours.',
    'Your account can now be signed in to with an account of another site.':
      'On peut désormais se connecter à votre compte avec un compte d’un autre site.',
    'An account of another site was unlinked from your account.':
      'Un compte d’un autre site a été dissocié de votre compte.',
    'Your ways to sign in were reset': 'Vos moyens de connexion ont été réinitialisés',
    'All passkeys, authenticator apps and recovery codes of your account were removed by whoever runs this site, and you were signed out everywhere.':
      'Toutes les clés d’accès, toutes les applications d’authentification et tous les codes de secours de votre compte ont été supprimés par les responsables de ce site, et vous avez été déconnecté partout.',
    'Your account was removed': 'Votre compte a été supprimé',
    'Your account was removed, with all it held.': 'Votre compte a été supprimé, avec tout ce qu’il contenait.',
    'Sign-in failed': 'Échec de la connexion',
    'The sign-in failed': 'La connexion a échoué',
    'You were not signed in': 'Vous n’avez pas été connecté',
    'Try again': 'Réessayer',
    'If it happens again, send these details to the people who run this application:':
      'Si cela se reproduit, envoyez ces détails aux responsables de cette application\u00a0:',
    'You, or a rule of the provider, did not allow this application to sign you in.':
      'Vous, ou une règle du fournisseur, n’avez pas autorisé cette application à vous connecter.',
    'This sign-in was not begun in this browser, or it took too long.':
      'Cette connexion n’a pas commencé dans ce navigateur, ou elle a duré trop longtemps.',
    'You are known to the provider, but what you want to do needs a stronger sign-in than it made.':
      'Le fournisseur vous connaît, mais ce que vous voulez faire demande une connexion plus forte que la sienne.',
    'You have to sign in again for this, and the provider did not ask you to.':
      'Vous devez vous reconnecter pour cela, et le fournisseur ne vous l’a pas demandé.',
    'This needs a stronger proof of who you are.': 'Cela demande une preuve plus forte de votre identité.',
    'This needs a more recent proof of who you are.': 'Cela demande une preuve plus récente de votre identité.',
    'The clocks of this application and of the provider are too far apart. You are not signed in.':
      'Les horloges de cette application et du fournisseur sont trop décalées. Vous n’êtes pas connecté.',
    'What the provider says about you does not fit into the cookie that this application keeps it in.':
      'Ce que le fournisseur dit de vous ne tient pas dans le cookie où cette application le conserve.',
    'This application was asked for a sign-in in a way that it does not understand.':
      'On a demandé une connexion à cette application d’une façon qu’elle ne comprend pas.',
    'This application does not sign in at the provider that it was asked for.':
      'Cette application ne se connecte pas auprès du fournisseur demandé.',
    'The answer came from another provider than the one that was asked.':
      'La réponse est venue d’un autre fournisseur que celui qui était interrogé.',
    'The provider’s answer could not be used. You are not signed in.':
      'La réponse du fournisseur n’a pas pu être utilisée. Vous n’êtes pas connecté.',
    'The sign-in service cannot be reached right now. Wait a moment, then try again.':
      'Le service de connexion est injoignable pour le moment. Attendez un instant, puis réessayez.',
    'Signing in does not work right now. Try again soon.':
      'La connexion ne fonctionne pas pour le moment. Réessayez bientôt.',
    'You signed in, but this application did not see it. Your browser may be blocking its cookie.':
      'Vous vous êtes connecté, mais cette application ne l’a pas vu. Votre navigateur bloque peut-être son cookie.',
  },
};
