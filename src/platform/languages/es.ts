import type { Language } from './language.js';

export const spanish: Language = {
  tag: 'es',
  direction: 'ltr',
  words: {
    'Sign in': 'Iniciar sesión',
    'to continue to': 'para continuar a',
    or: 'o',
    'Other ways': 'Otras formas',
    'New here?': '¿Es nuevo aquí?',
    'Create an account': 'Crear una cuenta',
    Username: 'Nombre de usuario',
    Password: 'Contraseña',
    'Forgot your password?': '¿Olvidó su contraseña?',
    'Sign in with a passkey': 'Iniciar sesión con una llave de acceso',
    'Use your passkey or security key': 'Usar su llave de acceso o llave de seguridad',
    'Sign in with {name}': 'Iniciar sesión con {name}',
    'Send me a link by mail': 'Enviarme un enlace por correo',
    'Send me a code by mail': 'Enviarme un código por correo',
    'Confirm it’s you': 'Confirme que es usted',
    'One more step to sign in as {name}.': 'Un paso más para iniciar sesión como {name}.',
    'One more step to sign in as {name} to {client}.': 'Un paso más para iniciar sesión como {name} en {client}.',
    'Sign in as somebody else': 'Iniciar sesión con otra cuenta',
    'Code from your authenticator app': 'Código de su aplicación de autenticación',
    Continue: 'Continuar',
    'Use a recovery code': 'Usar un código de recuperación',
    'Recovery code': 'Código de recuperación',
    'Use this code': 'Usar este código',
    'Reference {code}': 'Referencia {code}',
    'Back to sign-in': 'Volver al inicio de sesión',
    'Sign in by mail': 'Iniciar sesión por correo',
    'We send a link to your email address. It signs you in, here in this browser.':
      'Enviamos un enlace a su dirección de correo. Con él inicia sesión aquí, en este navegador.',
    'We send a code to your email address. You type it here.':
      'Enviamos un código a su dirección de correo. Usted lo escribe aquí.',
    'Send me the link': 'Enviarme el enlace',
    'Send me the code': 'Enviarme el código',
    'Username or email address': 'Nombre de usuario o dirección de correo',
    'Email address': 'Dirección de correo',
    'Look into your mail': 'Mire su correo',
    'If there is such an account, a link is on its way to its email address. Open it in this browser.':
      'Si existe esa cuenta, un enlace va de camino a su dirección de correo. Ábralo en este navegador.',
    'If there is such an account, a link is on its way to its email address.':
      'Si existe esa cuenta, un enlace va de camino a su dirección de correo.',
    'A mail is on its way. Its link leads on to your account.': 'Un correo va de camino. Su enlace lleva a su cuenta.',
    'Nothing there? Look into the folder for unwanted mail. We write only to an address that is known to be yours, and not more than a few times in a quarter of an hour.':
      '¿No ha llegado nada? Mire en la carpeta de correo no deseado. Solo escribimos a una dirección que sabemos que es suya, y solo unas pocas veces en un cuarto de hora.',
    'Type the code': 'Escriba el código',
    'If there is such an account, a code is on its way to its email address.':
      'Si existe esa cuenta, un código va de camino a su dirección de correo.',
    'Code from the mail': 'Código del correo',
    'Send another code': 'Enviar otro código',
    'You asked for this link to sign in as {name}.': 'Usted pidió este enlace para iniciar sesión como {name}.',
    'Sign in another way': 'Iniciar sesión de otra forma',
    'We send a link to your email address, with which you choose a new one.':
      'Enviamos un enlace a su dirección de correo, con el que elige una nueva.',
    'Choose a new password': 'Elegir una contraseña nueva',
    'You are signed out everywhere, and sign in with the new password then.':
      'Se cierran todas sus sesiones, y después entra con la contraseña nueva.',
    'Set the new password': 'Guardar la contraseña nueva',
    'Your password is new': 'Su contraseña es nueva',
    'You were signed out everywhere. Sign in with the new password.':
      'Se cerraron todas sus sesiones. Inicie sesión con la contraseña nueva.',
    'New password': 'Contraseña nueva',
    'At least {count} characters, any you like. A few words that do not belong together are easy to remember.':
      'Al menos {count} caracteres, los que quiera. Unas palabras sin relación entre sí son fáciles de recordar.',
    'We send a link to your email address. It leads on to your account.':
      'Enviamos un enlace a su dirección de correo. Lleva a su cuenta.',
    'Your account': 'Su cuenta',
    'Your address is {email}.': 'Su dirección es {email}.',
    'Your name (if you like)': 'Su nombre (si quiere)',
    'Make my account': 'Crear mi cuenta',
    'Not linked yet': 'Aún no vinculada',
    'Your account at {name} is not linked with an account here.':
      'Su cuenta de {name} no está vinculada con ninguna cuenta de aquí.',
    'Do you have an account here? Sign in to it once, as you always do. From then on you can use either.':
      '¿Tiene una cuenta aquí? Inicie sesión una vez, como siempre. Desde entonces puede usar cualquiera de las dos.',
    'Link my account': 'Vincular mi cuenta',
    'Make a new account': 'Crear una cuenta nueva',
    'Set up a second factor': 'Configurar un segundo factor',
    'Your password alone is not enough here. You need an authenticator app on your phone.':
      'Aquí no basta con su contraseña. Necesita una aplicación de autenticación en su teléfono.',
    'Scan this code with your authenticator app.': 'Escanee este código con su aplicación de autenticación.',
    'Then type the six digits that the app shows.': 'Después escriba los seis dígitos que muestra la aplicación.',
    'QR code that holds the key below': 'Código QR con la clave de abajo',
    'I can’t scan it': 'No puedo escanearlo',
    'Type this key into the app: {secret}': 'Escriba esta clave en la aplicación: {secret}',
    Code: 'Código',
    'Your recovery codes': 'Sus códigos de recuperación',
    'Keep these codes where your phone is not: printed, or in a password manager. Each signs you in once when your second factor is gone. They are not shown again.':
      'Guarde estos códigos donde no esté su teléfono: impresos, o en un gestor de contraseñas. Cada uno le deja entrar una vez cuando falta su segundo factor. No se vuelven a mostrar.',
    'I have kept them': 'Los he guardado',
    'One sign\u2011in, every app': 'Un inicio de sesión, todas las aplicaciones',
    'You are not signed in. Sign in here once and every application behind the gate knows you.':
      'No ha iniciado sesión. Hágalo aquí una vez, y todas las aplicaciones tras la puerta le conocen.',
    'You are signed in': 'Ha iniciado sesión',
    'Your applications': 'Sus aplicaciones',
    'Sign out': 'Cerrar sesión',
    'Sign out?': '¿Cerrar sesión?',
    '{client} asks to sign you out.': '{client} pide cerrar su sesión.',
    'You are signed in as {name} ({username}).': 'Ha iniciado sesión como {name} ({username}).',
    'After this, applications in this browser will ask you to sign in again.':
      'Después, las aplicaciones de este navegador le pedirán iniciar sesión de nuevo.',
    'Stay signed in': 'Seguir con la sesión',
    'Signed out': 'Sesión cerrada',
    'You are signed out': 'Ha cerrado sesión',
    'The applications in this browser are being told.': 'Se está avisando a las aplicaciones de este navegador.',
    'The gate is closed.': 'La puerta está cerrada.',
    'On a shared computer, close the browser’s windows as well.':
      'En un ordenador compartido, cierre también las ventanas del navegador.',
    '{enforced} of {applications} applications enforced it.':
      '{enforced} de {applications} aplicaciones lo han aplicado.',
    '{enforced} of {applications} applications enforced it, in {time}.':
      '{enforced} de {applications} aplicaciones lo han aplicado, en {time}.',
    'Back to {client}': 'Volver a {client}',
    'To the start page': 'A la página de inicio',
    'Signing out of an application': 'Cierre de sesión en una aplicación',
    'Allow access': 'Permitir el acceso',
    'Unnamed application': 'Aplicación sin nombre',
    'About this application': 'Acerca de esta aplicación',
    'Privacy policy': 'Política de privacidad',
    'Terms of service': 'Condiciones de uso',
    '(opens in a new tab)': '(se abre en una pestaña nueva)',
    'This application registered itself. Nobody here has checked who runs it.':
      'Esta aplicación se ha registrado por sí misma. Nadie aquí ha comprobado quién la gestiona.',
    'Allow {client} to use your account?': '¿Permitir que {client} use su cuenta?',
    'It will be able to': 'Podrá',
    'Know that it is you, and nothing else about you': 'Saber que es usted, y nada más sobre usted',
    'Know who you are when you sign in': 'Saber quién es usted cuando inicia sesión',
    'See your profile: name, picture, birthday and the like': 'Ver su perfil: nombre, foto, cumpleaños y similares',
    'See your email address': 'Ver su dirección de correo',
    'See your postal address': 'Ver su dirección postal',
    'See your phone number': 'Ver su número de teléfono',
    'Keep this access while you are away, until you take it back':
      'Conservar este acceso en su ausencia, hasta que usted lo retire',
    'Use {scope} for you': 'Usar {scope} por usted',
    'Used at {places}': 'Se usa en {places}',
    Allow: 'Permitir',
    Deny: 'Denegar',
    'Connect a device': 'Conectar un dispositivo',
    'Enter the code that your device shows.': 'Escriba el código que muestra su dispositivo.',
    'Go on only if your device shows this very code.': 'Siga solo si su dispositivo muestra exactamente este código.',
    'Allow {client} on a device to use your account?': '¿Permitir que {client} use su cuenta en un dispositivo?',
    'Does your device show this code?': '¿Muestra su dispositivo este código?',
    'Allow it only if you have the device in front of you.': 'Permítalo solo si tiene el dispositivo delante.',
    'If somebody sent you the code or a link, they are trying to get into your account: deny it.':
      'Si alguien le envió el código o un enlace, intenta entrar en su cuenta: deniéguelo.',
    'Your device is connected': 'Su dispositivo está conectado',
    'The device was refused': 'Se rechazó el dispositivo',
    '{client} goes on in a few seconds. You can close this page.':
      '{client} sigue en unos segundos. Puede cerrar esta página.',
    '{client} was told no, and has no access to your account. You can close this page.':
      '{client} recibió un no, y no tiene acceso a su cuenta. Puede cerrar esta página.',
    'Back to the application': 'Volver a la aplicación',
    'You are on your way. If nothing happens, press the button.': 'Está de camino. Si no ocurre nada, pulse el botón.',
    Error: 'Error',
    Parameter: 'Parámetro',
    Status: 'Estado',
    Reference: 'Referencia',
    'Something went wrong here': 'Algo salió mal aquí',
    'This request can’t be completed': 'No se puede completar esta solicitud',
    'This is our fault, not yours. Wait a minute, then try again.':
      'La culpa es nuestra, no suya. Espere un minuto e inténtelo de nuevo.',
    'Go back to the application you came from and start again from there.':
      'Vuelva a la aplicación de la que vino y empiece allí de nuevo.',
    'If it happens again, send these details to the people who run it:':
      'Si vuelve a ocurrir, envíe estos datos a los responsables:',
    'Sign out here': 'Cerrar sesión aquí',
    'Back to your account': 'Volver a su cuenta',
    'The username or the password is not right.': 'El nombre de usuario o la contraseña no son correctos.',
    'The server is busy. Try again in a moment.': 'El servidor está ocupado. Inténtelo en un momento.',
    'Too many attempts. Wait a while, then try again.': 'Demasiados intentos. Espere un rato e inténtelo de nuevo.',
    'That did not work. Try again, or sign in another way.':
      'No funcionó. Inténtelo de nuevo, o inicie sesión de otra forma.',
    'This code is not right, or it was used already.': 'Este código no es correcto, o ya se usó.',
    'This code is not right. Wait for the next one and try again.':
      'Este código no es correcto. Espere al siguiente e inténtelo de nuevo.',
    'This code is not right, or too old. After five wrong ones ask for another.':
      'Este código no es correcto, o es demasiado antiguo. Tras cinco fallos pida otro.',
    'There is no such way to sign in, any more. Choose another.':
      'Ya no existe esa forma de iniciar sesión. Elija otra.',
    '{name} cannot be reached right now. Sign in another way, or try again.':
      'No se puede contactar con {name} ahora. Inicie sesión de otra forma, o inténtelo de nuevo.',
    '{name} did not let you in, or you did not want to go on there.':
      '{name} no le dejó entrar, o usted no quiso seguir allí.',
    'You must sign in anew for this, and {name} did not ask you again.':
      'Para esto debe iniciar sesión de nuevo, y {name} no se lo volvió a pedir.',
    'The answer of {name} is not right, so nobody was signed in. Begin again.':
      'La respuesta de {name} no es correcta, así que nadie ha iniciado sesión. Empiece de nuevo.',
    'This sign-in is finished, has expired, or began in another browser. Begin again.':
      'Este inicio de sesión terminó, caducó o empezó en otro navegador. Empiece de nuevo.',
    'This sign-in has expired, is finished, or began in another browser.':
      'Este inicio de sesión caducó, terminó o empezó en otro navegador.',
    'This form does not belong to this browser. Open the sign-in page again.':
      'Este formulario no pertenece a este navegador. Abra de nuevo la página de inicio de sesión.',
    'This form was not sent from our own page. Go back and try again.':
      'Este formulario no se envió desde nuestra página. Vuelva atrás e inténtelo de nuevo.',
    'This page belongs to a sign-in that has ended, or to another browser.':
      'Esta página pertenece a un inicio de sesión que terminó, o a otro navegador.',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another.':
      'Este enlace ya se usó, es demasiado antiguo o fue sustituido por uno más nuevo. Pida otro.',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another on the sign-in page.':
      'Este enlace ya se usó, es demasiado antiguo o fue sustituido por uno más nuevo. Pida otro en la página de inicio de sesión.',
    'This link was used already, is too old, or was replaced by a newer one. Sign up again to get another.':
      'Este enlace ya se usó, es demasiado antiguo o fue sustituido por uno más nuevo. Regístrese de nuevo para recibir otro.',
    'This link works in the browser in which it was asked for. Open it there, or ask for a new one here.':
      'Este enlace funciona en el navegador en que se pidió. Ábralo allí, o pida uno nuevo aquí.',
    'The account here that this one is linked with cannot be used.':
      'La cuenta de aquí con la que está vinculada no se puede usar.',
    'It is linked with another account here.': 'Está vinculada con otra cuenta de aquí.',
    'The application is not known here.': 'La aplicación no se conoce aquí.',
    'Too many sign-ins begin from your network. Try again in a few minutes.':
      'Empiezan demasiados inicios de sesión desde su red. Inténtelo en unos minutos.',
    'The code has expired, or it was answered already. Ask your device for a new one.':
      'El código caducó, o ya se respondió. Pida uno nuevo en su dispositivo.',
    'There is nothing at this address.': 'No hay nada en esta dirección.',
    'The server could not complete this request.': 'El servidor no pudo completar esta solicitud.',
    'The server cannot answer right now. Try again in a moment.':
      'El servidor no puede responder ahora. Inténtelo en un momento.',
    'This is not an email address that can be used here.': 'Esta dirección de correo no se puede usar aquí.',
    'This email address belongs to another account.': 'Esta dirección de correo pertenece a otra cuenta.',
    'This username is taken. Choose another.': 'Este nombre de usuario está ocupado. Elija otro.',
    'This username is reserved. Choose another.': 'Este nombre de usuario está reservado. Elija otro.',
    'A username is made of letters and digits, with single dots, hyphens or underscores between them. It is not an email address.':
      'Un nombre de usuario se compone de letras y cifras, con puntos, guiones o guiones bajos sueltos entre ellas. No es una dirección de correo.',
    'A username has no spaces around it, invisible or wide characters in it.':
      'Un nombre de usuario no lleva espacios alrededor, ni caracteres invisibles o anchos.',
    'A username has 1 to {count} visible characters.': 'Un nombre de usuario tiene de 1 a {count} caracteres visibles.',
    'A username is written in one script: this one mixes letters that look alike.':
      'Un nombre de usuario se escribe en un solo alfabeto: este mezcla letras que se parecen.',
    'All letters of this username look like letters of another script. Choose another.':
      'Todas las letras de este nombre de usuario parecen de otro alfabeto. Elija otro.',
    'This password is one that others try first: it is common, or easy to guess. Choose another.':
      'Esta contraseña es de las que otros prueban primero: es común, o fácil de adivinar. Elija otra.',
    'A password has at least {count} characters. A few words that do not belong together are easy to remember.':
      'Una contraseña tiene al menos {count} caracteres. Unas palabras sin relación entre sí son fáciles de recordar.',
    'Hello {name},': 'Hola, {name}:',
    'Or copy this address into your browser:': 'O copie esta dirección en su navegador:',
    'This mail was sent by {service}. Nobody reads answers to it.':
      'Este correo lo envió {service}. Nadie lee las respuestas.',
    'If you did not ask for this, do nothing: it is good for nobody but whoever reads this mail.':
      'Si usted no lo pidió, no haga nada: solo le sirve a quien lee este correo.',
    'Sign in to {service}': 'Iniciar sesión en {service}',
    'Use this link to sign in. It works once, within {minutes}, in the browser in which you asked for it.':
      'Use este enlace para iniciar sesión. Funciona una vez, en un plazo de {minutes}, en el navegador en que lo pidió.',
    'Your code for {service}': 'Su código para {service}',
    'Type this code on the page on which you asked for it. It works once, within {minutes}.':
      'Escriba este código en la página en que lo pidió. Funciona una vez, en un plazo de {minutes}.',
    'Nobody from {service} will ever ask you for it.': 'Nadie de {service} se lo pedirá jamás.',
    'A new password for {service}': 'Una contraseña nueva para {service}',
    'Somebody, hopefully you, forgot the password of your account. Choose a new one with this link within {minutes}.':
      'Alguien, esperamos que usted, olvidó la contraseña de su cuenta. Elija una nueva con este enlace en un plazo de {minutes}.',
    'If it was not you, do nothing: your password stays as it is.':
      'Si no fue usted, no haga nada: su contraseña sigue igual.',
    'How you sign in to {service}': 'Cómo inicia sesión en {service}',
    'Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.':
      'Alguien, esperamos que usted, olvidó la contraseña de su cuenta. No tiene ninguna: usted entra de otra forma.',
    'Open the sign-in page and choose the way you always do.':
      'Abra la página de inicio de sesión y elija la forma de siempre.',
    'Your account at {service}': 'Su cuenta en {service}',
    'Somebody, hopefully you, wants to make an account with this address. Go on with this link within {hours}.':
      'Alguien, esperamos que usted, quiere crear una cuenta con esta dirección. Siga con este enlace en un plazo de {hours}.',
    'If it was not you, do nothing, and there will be no account.': 'Si no fue usted, no haga nada, y no habrá cuenta.',
    'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.':
      'Alguien, esperamos que usted, quiso crear una cuenta con esta dirección. Ya hay una: inicie sesión, o elija una contraseña nueva si olvidó la suya.',
    'If it was not you, do nothing.': 'Si no fue usted, no haga nada.',
  },
};
