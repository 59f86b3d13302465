import type { Language } from './language.js';

export const french: Language = {
  tag: 'fr',
  direction: 'ltr',
  words: {
    'Sign in': 'Se connecter',
    'to continue to': 'pour continuer vers',
    or: 'ou',
    'Other ways': 'Autres moyens',
    'New here?': 'Nouveau ici ?',
    'Create an account': 'Créer un compte',
    Username: 'Nom d’utilisateur',
    Password: 'Mot de passe',
    'Forgot your password?': 'Mot de passe oublié ?',
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
      'Rien reçu ? Regardez dans le dossier des indésirables. Nous n’écrivons qu’à une adresse dont nous savons qu’elle est la vôtre, et seulement quelques fois par quart d’heure.',
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
    'Your password is new': 'Votre mot de passe est changé',
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
      'Avez-vous un compte ici ? Connectez-vous une fois, comme d’habitude. Ensuite, vous pourrez utiliser l’un ou l’autre.',
    'Link my account': 'Lier mon compte',
    'Make a new account': 'Créer un nouveau compte',
    'Set up a second factor': 'Configurer un second facteur',
    'Your password alone is not enough here. You need an authenticator app on your phone.':
      'Votre mot de passe seul ne suffit pas ici. Il vous faut une application d’authentification sur votre téléphone.',
    'Scan this code with your authenticator app.': 'Scannez ce code avec votre application d’authentification.',
    'Then type the six digits that the app shows.': 'Saisissez ensuite les six chiffres que l’application affiche.',
    'QR code that holds the key below': 'Code QR contenant la clé ci-dessous',
    'I can’t scan it': 'Je ne peux pas le scanner',
    'Type this key into the app: {secret}': 'Saisissez cette clé dans l’application : {secret}',
    Code: 'Code',
    'Your recovery codes': 'Vos codes de secours',
    'Keep these codes where your phone is not: printed, or in a password manager. Each signs you in once when your second factor is gone. They are not shown again.':
      'Gardez ces codes là où votre téléphone n’est pas : imprimés, ou dans un gestionnaire de mots de passe. Chacun vous connecte une fois quand votre second facteur est perdu. Ils ne seront plus affichés.',
    'I have kept them': 'Je les ai gardés',
    'One sign\u2011in, every app': 'Une connexion, toutes les applications',
    'You are not signed in. Sign in here once and every application behind the gate knows you.':
      'Vous n’êtes pas connecté. Connectez-vous ici une fois, et chaque application derrière la porte vous connaît.',
    'You are signed in': 'Vous êtes connecté',
    'Your applications': 'Vos applications',
    'Sign out': 'Se déconnecter',
    'Sign out?': 'Se déconnecter ?',
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
    '{enforced} of {applications} applications enforced it.':
      '{enforced} applications sur {applications} l’ont appliqué.',
    '{enforced} of {applications} applications enforced it, in {time}.':
      '{enforced} applications sur {applications} l’ont appliqué, en {time}.',
    'Back to {client}': 'Retour à {client}',
    'To the start page': 'Vers la page d’accueil',
    'Signing out of an application': 'Déconnexion d’une application',
    'Allow access': 'Autoriser l’accès',
    'Unnamed application': 'Application sans nom',
    'About this application': 'À propos de cette application',
    'Privacy policy': 'Politique de confidentialité',
    'Terms of service': 'Conditions d’utilisation',
    '(opens in a new tab)': '(s’ouvre dans un nouvel onglet)',
    'This application registered itself. Nobody here has checked who runs it.':
      'Cette application s’est enregistrée elle-même. Personne ici n’a vérifié qui la gère.',
    'Allow {client} to use your account?': 'Autoriser {client} à utiliser votre compte ?',
    'It will be able to': 'Elle pourra',
    'Know that it is you, and nothing else about you': 'Savoir que c’est vous, et rien d’autre à votre sujet',
    'Know who you are when you sign in': 'Savoir qui vous êtes quand vous vous connectez',
    'See your profile: name, picture, birthday and the like': 'Voir votre profil : nom, photo, anniversaire et autres',
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
    'Allow {client} on a device to use your account?': 'Autoriser {client} sur un appareil à utiliser votre compte ?',
    'Does your device show this code?': 'Votre appareil affiche-t-il ce code ?',
    'Allow it only if you have the device in front of you.': 'N’autorisez que si l’appareil est devant vous.',
    'If somebody sent you the code or a link, they are trying to get into your account: deny it.':
      'Si quelqu’un vous a envoyé le code ou un lien, il essaie d’entrer dans votre compte : refusez.',
    'Your device is connected': 'Votre appareil est connecté',
    'The device was refused': 'L’appareil a été refusé',
    '{client} goes on in a few seconds. You can close this page.':
      '{client} continue dans quelques secondes. Vous pouvez fermer cette page.',
    '{client} was told no, and has no access to your account. You can close this page.':
      '{client} a été refusé et n’a aucun accès à votre compte. Vous pouvez fermer cette page.',
    'Back to the application': 'Retour à l’application',
    'You are on your way. If nothing happens, press the button.':
      'Vous êtes en route. Si rien ne se passe, appuyez sur le bouton.',
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
      'Si cela se reproduit, envoyez ces détails aux responsables :',
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
    'A username is written in one script: this one mixes letters that look alike.':
      'Un nom d’utilisateur s’écrit dans un seul alphabet : celui-ci mélange des lettres qui se ressemblent.',
    'All letters of this username look like letters of another script. Choose another.':
      'Toutes les lettres de ce nom d’utilisateur ressemblent à celles d’un autre alphabet. Choisissez-en un autre.',
    'This password is one that others try first: it is common, or easy to guess. Choose another.':
      'Ce mot de passe est de ceux que l’on essaie en premier : il est courant, ou facile à deviner. Choisissez-en un autre.',
    'A password has at least {count} characters. A few words that do not belong together are easy to remember.':
      'Un mot de passe a au moins {count} caractères. Quelques mots sans rapport entre eux sont faciles à retenir.',
    'Hello {name},': 'Bonjour {name},',
    'Or copy this address into your browser:': 'Ou copiez cette adresse dans votre navigateur :',
    'This mail was sent by {service}. Nobody reads answers to it.':
      'Cet e-mail a été envoyé par {service}. Personne ne lit les réponses.',
    'If you did not ask for this, do nothing: it is good for nobody but whoever reads this mail.':
      'Si vous ne l’avez pas demandé, ne faites rien : il ne sert qu’à la personne qui lit cet e-mail.',
    'Sign in to {service}': 'Connexion à {service}',
    'Use this link to sign in. It works once, within {minutes}, in the browser in which you asked for it.':
      'Utilisez ce lien pour vous connecter. Il fonctionne une fois, dans un délai de {minutes}, dans le navigateur où vous l’avez demandé.',
    'Your code for {service}': 'Votre code pour {service}',
    'Type this code on the page on which you asked for it. It works once, within {minutes}.':
      'Saisissez ce code sur la page où vous l’avez demandé. Il fonctionne une fois, dans un délai de {minutes}.',
    'Nobody from {service} will ever ask you for it.': 'Personne de {service} ne vous le demandera jamais.',
    'A new password for {service}': 'Un nouveau mot de passe pour {service}',
    'Somebody, hopefully you, forgot the password of your account. Choose a new one with this link within {minutes}.':
      'Quelqu’un, vous espérons-le, a oublié le mot de passe de votre compte. Choisissez-en un nouveau avec ce lien dans un délai de {minutes}.',
    'If it was not you, do nothing: your password stays as it is.':
      'Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.',
    'How you sign in to {service}': 'Comment vous vous connectez à {service}',
    'Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.':
      'Quelqu’un, vous espérons-le, a oublié le mot de passe de votre compte. Il n’en a pas : vous vous connectez autrement.',
    'Open the sign-in page and choose the way you always do.':
      'Ouvrez la page de connexion et choisissez votre moyen habituel.',
    'Your account at {service}': 'Votre compte chez {service}',
    'Somebody, hopefully you, wants to make an account with this address. Go on with this link within {hours}.':
      'Quelqu’un, vous espérons-le, veut créer un compte avec cette adresse. Continuez avec ce lien dans un délai de {hours}.',
    'If it was not you, do nothing, and there will be no account.':
      'Si ce n’était pas vous, ne faites rien, et il n’y aura pas de compte.',
    'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.':
      'Quelqu’un, vous espérons-le, a voulu créer un compte avec cette adresse. Il y en a déjà un : connectez-vous, ou choisissez un nouveau mot de passe si vous avez oublié le vôtre.',
    'If it was not you, do nothing.': 'Si ce n’était pas vous, ne faites rien.',
  },
};
