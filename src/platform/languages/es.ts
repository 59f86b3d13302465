import type { Language } from './language.js';

export const spanish: Language = {
  tag: 'es',
  name: 'Español',
  direction: 'ltr',
  words: {
    'Sign in': 'Iniciar sesión',
    'to continue to': 'para continuar en',
    or: 'o',
    'Other ways': 'Otras formas',
    'New here?': '¿Todavía no tiene cuenta?',
    'Create an account': 'Crear una cuenta',
    Username: 'Nombre de usuario',
    Password: 'Contraseña',
    'Forgot your password?': '¿Ha olvidado la contraseña?',
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
    'Look into your mail': 'Revise su correo',
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
    'Your password is new': 'Su contraseña ha cambiado',
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
      'Guarde estos códigos donde no esté su teléfono: impresos, o en un gestor de contraseñas. Cada uno le deja entrar una vez si pierde su segundo factor. No se vuelven a mostrar.',
    'I have kept them': 'Los he guardado',
    'One sign\u2011in, every app': 'Un inicio de sesión, todas las aplicaciones',
    'You are not signed in. Sign in here once and every application behind the gate knows you.':
      'No ha iniciado sesión. Hágalo aquí una vez, y todas las aplicaciones tras la puerta le reconocerán.',
    'You are signed in': 'Ha iniciado sesión',
    'Your applications': 'Sus aplicaciones',
    'Sign out': 'Cerrar sesión',
    'Sign out?': '¿Cerrar sesión?',
    '{client} asks to sign you out.': '{client} pide cerrar su sesión.',
    'You are signed in as {name} ({username}).': 'Ha iniciado sesión como {name} ({username}).',
    'After this, applications in this browser will ask you to sign in again.':
      'Después, las aplicaciones de este navegador le pedirán iniciar sesión de nuevo.',
    'Stay signed in': 'Mantener la sesión',
    'Signed out': 'Sesión cerrada',
    'You are signed out': 'Ha cerrado sesión',
    'The applications in this browser are being told.': 'Se está avisando a las aplicaciones de este navegador.',
    'The gate is closed.': 'La puerta está cerrada.',
    'On a shared computer, close the browser’s windows as well.':
      'En un equipo compartido, cierre también las ventanas del navegador.',
    '{enforced} of {applications} applications enforced it.': {
      by: 'applications',
      one: 'Aplicado por {enforced} de {applications} aplicación.',
      other: 'Aplicado por {enforced} de {applications} aplicaciones.',
    },
    '{enforced} of {applications} applications enforced it, in {time}.': {
      by: 'applications',
      one: 'Aplicado por {enforced} de {applications} aplicación, en {time}.',
      other: 'Aplicado por {enforced} de {applications} aplicaciones, en {time}.',
    },
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
      'Se ha denegado la solicitud de {client}, que no tiene acceso a su cuenta. Puede cerrar esta página.',
    'Back to the application': 'Volver a la aplicación',
    'You are on your way. If nothing happens, press the button.':
      'Se le está redirigiendo. Si no ocurre nada, pulse el botón.',
    'How you sign in': 'Cómo inicia sesión',
    'You are signed in as {name}.': 'Ha iniciado sesión como {name}.',
    Passkeys: 'Llaves de acceso',
    'No passkeys yet.': 'Todavía no hay llaves de acceso.',
    'Authenticator apps': 'Aplicaciones de autenticación',
    'None. An app on your phone makes your account much harder to steal.':
      'Ninguna. Con una aplicación en su teléfono es mucho más difícil robarle la cuenta.',
    '{count} recovery codes left.': {
      by: 'count',
      one: 'Queda {count} código de recuperación.',
      other: 'Quedan {count} códigos de recuperación.',
    },
    'Change how you sign in': 'Cambiar cómo inicia sesión',
    'Add a passkey': 'Añadir una llave de acceso',
    'Add an authenticator app': 'Añadir una aplicación de autenticación',
    'New recovery codes': 'Códigos de recuperación nuevos',
    'Accounts of other sites': 'Cuentas de otros sitios',
    'Your email address': 'Su dirección de correo',
    'Change your password': 'Cambiar la contraseña',
    Profile: 'Perfil',
    'Where you are signed in': 'Dónde tiene la sesión iniciada',
    'Connected applications': 'Aplicaciones conectadas',
    'Recent security events': 'Actividad de seguridad reciente',
    'Your data': 'Sus datos',
    'Remove your account': 'Eliminar su cuenta',
    'Start page': 'Página de inicio',
    Language: 'Idioma',
    Change: 'Cambiar',
    'Add this app': 'Añadir esta aplicación',
    'Authenticator app': 'Aplicación de autenticación',
    Passkey: 'Llave de acceso',
    'Your passkey': 'Su llave de acceso',
    'Your authenticator app': 'Su aplicación de autenticación',
    'Added {date}.': 'Fecha de alta: {date}.',
    'Not used yet.': 'Todavía sin uso.',
    'Last used {date}.': 'Último uso: {date}.',
    Name: 'Nombre',
    'Save the name': 'Guardar el nombre',
    'You cannot sign in with it any more. If it is lost, remove it and add another one.':
      'Ya no podrá iniciar sesión con ella. Si la ha perdido, quítela y añada otra.',
    'Remove this passkey': 'Quitar esta llave de acceso',
    'Remove this authenticator app': 'Quitar esta aplicación de autenticación',
    'A passkey signs you in with the lock of this device, or with a security key. It works on this site alone, so nobody can talk you out of it.':
      'Una llave de acceso inicia su sesión con el bloqueo de este dispositivo, o con una llave de seguridad. Solo funciona en este sitio, así que nadie puede sonsacársela.',
    'Passkeys need JavaScript. Turn it on for this page, or use an authenticator app instead.':
      'Las llaves de acceso necesitan JavaScript. Actívelo para esta página, o use en su lugar una aplicación de autenticación.',
    'No passkey was made. Try again.': 'No se creó ninguna llave de acceso. Inténtelo de nuevo.',
    'This device or security key is one of your passkeys already.':
      'Este dispositivo o llave de seguridad ya es una de sus llaves de acceso.',
    'For example: laptop': 'Por ejemplo: portátil',
    'You have {count} codes left. A new set makes them worthless.': {
      by: 'count',
      one: 'Le queda {count} código. Un juego nuevo lo deja sin valor.',
      other: 'Le quedan {count} códigos. Un juego nuevo los deja sin valor.',
    },
    'You have no codes left. A new set lets you in when your second factor is gone.':
      'No le queda ningún código. Un juego nuevo le deja entrar si pierde su segundo factor.',
    'Make new codes': 'Crear códigos nuevos',
    'You stay signed in here, and are signed out everywhere else.':
      'Aquí sigue con la sesión iniciada, y en todo lo demás se cierra.',
    'Change password': 'Cambiar la contraseña',
    'None is linked yet. With one that is, you can sign in here, too.':
      'Todavía no hay ninguna vinculada. Con una vinculada también puede iniciar sesión aquí.',
    Unlink: 'Desvincular',
    'Unlink {name}': 'Desvincular {name}',
    'Link an account of {name}': 'Vincular una cuenta de {name}',
    'You have none here yet. Without one nobody can help you back in when you forget your password.':
      'Todavía no tiene ninguna aquí. Sin ella, nadie puede ayudarle a volver a entrar si olvida su contraseña.',
    'It is {email}.': 'Es {email}.',
    'It is {email}, and not confirmed yet: send yourself the mail below.':
      'Es {email}, y aún no está confirmada: envíese el correo de abajo.',
    'New email address': 'Dirección de correo nueva',
    'Send a mail to confirm it': 'Enviar un correo para confirmarla',
    'A mail is on its way to {email}. Open its link while you are signed in here; until then everything stays as it is.':
      'Un correo va de camino a {email}. Abra su enlace con la sesión iniciada aquí; hasta entonces todo sigue igual.',
    'Undo the change': 'Deshacer el cambio',
    'Confirm your email address': 'Confirmar su dirección de correo',
    'Your account gets this address back, and is signed out everywhere: {email}':
      'Su cuenta recupera esta dirección, y se cierran todas sus sesiones: {email}',
    'This becomes the address of your account: {email}': 'Esta será la dirección de su cuenta: {email}',
    Confirm: 'Confirmar',
    'Your address is back': 'Se ha restablecido su dirección',
    'Your account was signed out everywhere, and what was added since then to sign in with is gone. Somebody knew enough to change it, so choose a new password now: we send a link to this address.':
      'Se cerraron todas las sesiones de su cuenta y se quitó lo que se añadió desde entonces para iniciar sesión. Alguien sabía lo suficiente para cambiarla, así que elija ahora una contraseña nueva: enviamos un enlace a esta dirección.',
    'Your profile': 'Su perfil',
    'Saved. Applications see it when they look next.':
      'Guardado. Las aplicaciones lo verán la próxima vez que lo consulten.',
    'You sign in as {name}. Applications that you let see your profile see this:':
      'Inicia sesión como {name}. Las aplicaciones a las que permite ver su perfil ven esto:',
    'Full name': 'Nombre completo',
    'Given name': 'Nombre de pila',
    'Family name': 'Apellidos',
    Nickname: 'Apodo',
    'As the browser asks': 'El que pida el navegador',
    'Of our pages when you are signed in, and of the mails that we write to you.':
      'De nuestras páginas cuando ha iniciado sesión, y de los correos que le escribimos.',
    Save: 'Guardar',
    'One file, in JSON, with everything that is kept about you here: your profile, how you sign in, where you are signed in, the applications you let in, and what happened to your account. It holds no secrets: no password, no key.':
      'Un archivo, en JSON, con todo lo que se guarda aquí sobre usted: su perfil, cómo inicia sesión, dónde tiene la sesión iniciada, las aplicaciones que ha permitido y lo que ha pasado con su cuenta. No contiene secretos: ni contraseñas ni claves.',
    'Download your data': 'Descargar sus datos',
    'Your account is gone for good, with your profile, all you sign in with, and what applications may do for you. You are signed out everywhere. What applications keep about you themselves, only they can remove.':
      'Su cuenta desaparece para siempre, con su perfil, todo aquello con lo que inicia sesión y lo que las aplicaciones pueden hacer por usted. Se cierran todas sus sesiones. Solo las propias aplicaciones pueden eliminar lo que guardan sobre usted.',
    'Download your data first, if you want to keep it.': 'Descargue antes sus datos, si quiere conservarlos.',
    'Type your username, {username}, to confirm': 'Escriba su nombre de usuario, {username}, para confirmar',
    'Remove my account for good': 'Eliminar mi cuenta para siempre',
    'Account removed': 'Cuenta eliminada',
    'Your account is removed': 'Se ha eliminado su cuenta',
    'You are signed out everywhere, and nothing that was given in your name is worth anything now.':
      'Se han cerrado todas sus sesiones, y nada de lo concedido en su nombre vale ya.',
    'That device is signed out.': 'Se cerró la sesión de ese dispositivo.',
    'Sign out of {device}': 'Cerrar sesión en {device}',
    'Ends every session, here too, and takes back what applications were given, also while you are away.':
      'Termina todas las sesiones, también aquí, y retira lo que recibieron las aplicaciones, también para cuando usted no está.',
    'Sign out everywhere': 'Cerrar todas las sesiones',
    'This device': 'Este dispositivo',
    'From {address}, since {date}': 'Desde {address}, iniciada el {date}',
    'an unknown address': 'una dirección desconocida',
    'Last seen {date}': 'Última actividad: {date}',
    'Applications: {names}': 'Aplicaciones: {names}',
    '{browser} on {system}': '{browser} en {system}',
    'Unknown browser': 'Navegador desconocido',
    'You are signed out everywhere': 'Se han cerrado todas sus sesiones',
    'Every session has ended, and what applications were given is worth nothing any more.':
      'Todas las sesiones han terminado, y lo que recibieron las aplicaciones ya no vale nada.',
    Confirmed: 'Confirmado',
    '{done} of {total} confirmed so far': 'Confirmado hasta ahora: {done} de {total}',
    'You have let no application in.': 'No ha dado acceso a ninguna aplicación.',
    'Take access back': 'Retirar el acceso',
    'Take access back from {client}': 'Retirar el acceso a {client}',
    'Since {date}': 'Desde el {date}',
    'Last let in {date}': 'Última autorización: {date}',
    'Has access while you are away': 'Tiene acceso en su ausencia',
    'You allowed: {scopes}': 'Usted permitió: {scopes}',
    'Is there something that was not you? Change your password, and sign out everywhere.':
      '¿Hay algo que no hizo usted? Cambie su contraseña y cierre todas sus sesiones.',
    'Signed in': 'Sesión iniciada',
    'A sign-in was refused': 'Se rechazó un inicio de sesión',
    'Signed out everywhere': 'Todas las sesiones cerradas',
    'An application was given access': 'Se dio acceso a una aplicación',
    'Access was taken back from an application': 'Se retiró el acceso a una aplicación',
    'The profile was changed': 'Se cambió el perfil',
    'The data of the account was downloaded': 'Se descargaron los datos de la cuenta',
    'A way to sign in was added': 'Se añadió una forma de iniciar sesión',
    'A way to sign in was renamed': 'Se cambió el nombre de una forma de iniciar sesión',
    'A way to sign in was removed': 'Se quitó una forma de iniciar sesión',
    'All passkeys, apps and codes were removed': 'Se quitaron todas las llaves, aplicaciones y códigos',
    'The password was changed': 'Se cambió la contraseña',
    'A link for a new password was asked for': 'Se pidió un enlace para una contraseña nueva',
    'A mail to sign in was asked for': 'Se pidió un correo para iniciar sesión',
    'A new email address was entered': 'Se escribió una dirección de correo nueva',
    'The email address was changed': 'Se cambió la dirección de correo',
    'The change of the email address was undone': 'Se deshizo el cambio de la dirección de correo',
    'The email address was confirmed': 'Se confirmó la dirección de correo',
    'The account was made': 'Se creó la cuenta',
    'The roles of the account were changed': 'Se cambiaron los roles de la cuenta',
    'The account was suspended': 'Se suspendió la cuenta',
    'The account was restored': 'Se restableció la cuenta',
    'The account was removed': 'Se eliminó la cuenta',
    'Something about the account changed': 'Algo cambió en la cuenta',
    'Recovery codes': 'Códigos de recuperación',
    'Account of another site': 'Cuenta de otro sitio',
    '{date}, by the operator': '{date}, por el administrador',
    '{date}, from {address}, {device}': '{date}, desde {address}, {device}',
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
    'This username has a letter or a mark that looks like another, or cannot be seen. Choose another.':
      'Este nombre de usuario tiene una letra o un signo que se parece a otro o que no se ve. Elija otro.',
    'A username is written in one script: this one mixes letters that look alike.':
      'Un nombre de usuario se escribe en un solo alfabeto: este mezcla letras que se parecen.',
    'All letters of this username look like letters of another script. Choose another.':
      'Todas las letras de este nombre de usuario parecen de otro alfabeto. Elija otro.',
    'This password is one that others try first: it is common, or easy to guess. Choose another.':
      'Esta contraseña es de las que otros prueban primero: es común, o fácil de adivinar. Elija otra.',
    'A password has at least {count} characters. A few words that do not belong together are easy to remember.':
      'Una contraseña tiene al menos {count} caracteres. Unas palabras sin relación entre sí son fáciles de recordar.',
    Details: 'Detalles',
    'The request is not made as it should be.': 'La solicitud no está hecha como es debido.',
    '{name} cannot be reached right now. Try again in a moment.':
      'No se puede contactar con {name} ahora. Inténtelo en un momento.',
    'This is the only way you have to sign in. Add another one first, or choose a password.':
      'Es la única forma que tiene de iniciar sesión. Añada antes otra, o elija una contraseña.',
    'You have no such way to sign in, any more.': 'Ya no tiene esa forma de iniciar sesión.',
    'There are too many linked accounts. Remove one first.': 'Hay demasiadas cuentas vinculadas. Quite antes una.',
    'There is no such site.': 'No existe ese sitio.',
    'This application has no access any more.': 'Esta aplicación ya no tiene acceso.',
    'This page was open for too long. Open it again.': 'Esta página estuvo abierta demasiado tiempo. Ábrala de nuevo.',
    'The form asks for nothing we know.': 'El formulario no pide nada que conozcamos.',
    'A name has at least one character.': 'Un nombre tiene al menos un carácter.',
    'A name has at most {count} characters, on one line, and all of them can be seen.':
      'Un nombre tiene como máximo {count} caracteres, en una línea y todos visibles.',
    'This link was used already, or is too old.': 'Este enlace ya se usó, o es demasiado antiguo.',
    'This link was used already, is too old, or was replaced by a newer one.':
      'Este enlace ya se usó, es demasiado antiguo o fue sustituido por uno más nuevo.',
    'This link belongs to another account. Sign in to that one first.':
      'Este enlace pertenece a otra cuenta. Inicie antes sesión en ella.',
    'Addresses are not changed here.': 'Aquí no se cambian las direcciones.',
    'Passwords are not kept here.': 'Aquí no se guardan las contraseñas.',
    'Passwords are not reset here.': 'Aquí no se restablecen las contraseñas.',
    'Profiles are not kept here.': 'Aquí no se guardan los perfiles.',
    'Accounts are not made here.': 'Aquí no se crean las cuentas.',
    'Accounts are not removed here.': 'Aquí no se eliminan las cuentas.',
    'There are no passkeys at this address.': 'En esta dirección no hay llaves de acceso.',
    'Too many mails were asked for. Wait an hour, then try again.':
      'Se pidieron demasiados correos. Espere una hora e inténtelo de nuevo.',
    'This sign-in has ended, or began in another browser.':
      'Este inicio de sesión terminó, o empezó en otro navegador.',
    'This passkey was not added: it is known already, or its answer was not right. Try again.':
      'No se añadió esta llave de acceso: ya se conoce, o su respuesta no era correcta. Inténtelo de nuevo.',
    'This session has ended already.': 'Esta sesión ya ha terminado.',
    'This is not your username. Nothing was removed.': 'Este no es su nombre de usuario. No se eliminó nada.',
    'The form holds no decision.': 'El formulario no contiene ninguna decisión.',
    'This sign-in is not waiting for a decision. Go back and start again.':
      'Este inicio de sesión no espera ninguna decisión. Vuelva atrás y empiece de nuevo.',
    'This code is not known, or it has expired. Check it, or ask your device for a new one.':
      'Este código no se conoce, o caducó. Compruébelo, o pida uno nuevo en su dispositivo.',
    'Too many wrong codes were entered. Try again in {minutes}.':
      'Se escribieron demasiados códigos erróneos. Inténtelo de nuevo dentro de {minutes}.',
    'Too many wrong codes were entered. Sign in first and enter the code then, or try again in {minutes}.':
      'Se escribieron demasiados códigos erróneos. Inicie antes sesión y escriba entonces el código, o inténtelo de nuevo dentro de {minutes}.',
    'The redirect_uri is not registered for this application.':
      'La redirect_uri no está registrada para esta aplicación.',
    'The id_token_hint is not an ID token of this provider.':
      'El id_token_hint no es un token de identidad de este proveedor.',
    'The id_token_hint was issued to another application than client_id names.':
      'El id_token_hint se emitió para otra aplicación que la que nombra client_id.',
    'The post_logout_redirect_uri is not registered for this application.':
      'La post_logout_redirect_uri no está registrada para esta aplicación.',
    'This way to sign in does not belong to this step.': 'Esta forma de iniciar sesión no pertenece a este paso.',
    'A parameter comes more than once.': 'Un parámetro aparece más de una vez.',
    'A password has 1 to {count} bytes.': 'Una contraseña tiene de 1 a {count} bytes.',
    'The server refused this request.': 'El servidor rechazó esta solicitud.',
    'This page takes a form, not this kind of content.': 'Esta página acepta un formulario, no este tipo de contenido.',
    'The form has too many fields.': 'El formulario tiene demasiados campos.',
    'A field of the form is missing or comes more than once.':
      'Falta un campo del formulario, o aparece más de una vez.',
    'The request is too large.': 'La solicitud es demasiado grande.',
    'The request has a content type that is not accepted here.':
      'La solicitud tiene un tipo de contenido que aquí no se acepta.',
    'The request could not be read.': 'No se pudo leer la solicitud.',
    'Hello {name},': 'Hola, {name}:',
    'Hello and welcome,': 'Hola, le damos la bienvenida:',
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
      'Alguien (esperamos que usted) olvidó la contraseña de su cuenta. Elija una nueva con este enlace en un plazo de {minutes}.',
    'If it was not you, do nothing: your password stays as it is.':
      'Si no fue usted, no haga nada: su contraseña sigue igual.',
    'How you sign in to {service}': 'Cómo inicia sesión en {service}',
    'Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.':
      'Alguien (esperamos que usted) olvidó la contraseña de su cuenta. No tiene ninguna: usted entra de otra forma.',
    'Open the sign-in page and choose the way you always do.':
      'Abra la página de inicio de sesión y elija la forma de siempre.',
    'Your account at {service}': 'Su cuenta en {service}',
    'Somebody, hopefully you, wants to make an account with this address. Go on with this link within {hours}.':
      'Alguien (esperamos que usted) quiere crear una cuenta con esta dirección. Siga con este enlace en un plazo de {hours}.',
    'If it was not you, do nothing, and there will be no account.': 'Si no fue usted, no haga nada, y no habrá cuenta.',
    'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.':
      'Alguien (esperamos que usted) quiso crear una cuenta con esta dirección. Ya hay una: inicie sesión, o elija una contraseña nueva si olvidó la suya.',
    'If it was not you, do nothing.': 'Si no fue usted, no haga nada.',
    'Is this your address?': '¿Es esta su dirección?',
    'Somebody, hopefully you, says that this is the email address of their account at {service}. Confirm it within {hours}, signed in to that account.':
      'Alguien (esperamos que usted) dice que esta es la dirección de correo de su cuenta en {service}. Confírmela en un plazo de {hours}, con la sesión iniciada en esa cuenta.',
    'Confirm this address': 'Confirmar esta dirección',
    'Your address at {service}': 'Su dirección en {service}',
    'Somebody wanted to use this email address for another account at {service}. It is the address of your account, and stays that.':
      'Alguien quiso usar esta dirección de correo para otra cuenta en {service}. Es la dirección de su cuenta, y lo sigue siendo.',
    'If that was you, sign in to the account that has this address, and remove or change it there first.':
      'Si fue usted, inicie sesión en la cuenta que tiene esta dirección, y quítela o cámbiela antes allí.',
    'Your email address was changed': 'Se cambió su dirección de correo',
    'The email address of your account is {email} now; mails go there.':
      'La dirección de correo de su cuenta es ahora {email}; los correos van allí.',
    'If that was you, there is nothing to do. If it was not, undo it within {days}: your account gets this address back and is signed out everywhere. Then choose a new password.':
      'Si fue usted, no hay nada que hacer. Si no, deshágalo en un plazo de {days}: su cuenta recupera esta dirección y se cierran todas sus sesiones. Después elija una contraseña nueva.',
    'That was not me: undo it': 'No fui yo: deshacerlo',
    'If that was you, there is nothing to do. If it was not, change your password at once: it signs everybody out.':
      'Si fue usted, no hay nada que hacer. Si no, cambie su contraseña de inmediato: así se cierran todas las sesiones.',
    'If that was you, there is nothing to do. If it was not, write to whoever runs this site at once.':
      'Si fue usted, no hay nada que hacer. Si no, escriba de inmediato a los responsables de este sitio.',
    'Your password was changed': 'Se cambió su contraseña',
    'The password of your account was changed, and it was signed out everywhere else.':
      'Se cambió la contraseña de su cuenta, y se cerraron todas sus demás sesiones.',
    'A passkey was added': 'Se añadió una llave de acceso',
    'A passkey was added to your account.': 'Se añadió una llave de acceso a su cuenta.',
    'An authenticator app was added': 'Se añadió una aplicación de autenticación',
    'An authenticator app was added to your account.': 'Se añadió una aplicación de autenticación a su cuenta.',
    'A passkey was removed': 'Se quitó una llave de acceso',
    'A passkey was removed from your account.': 'Se quitó una llave de acceso de su cuenta.',
    'An authenticator app was removed': 'Se quitó una aplicación de autenticación',
    'An authenticator app was removed from your account.': 'Se quitó una aplicación de autenticación de su cuenta.',
    'New recovery codes were made': 'Se crearon códigos de recuperación nuevos',
    'New recovery codes were made for your account; the old ones are worthless.':
      'Se crearon códigos de recuperación nuevos para su cuenta; los anteriores ya no valen.',
    'A recovery code was used': 'Se usó un código de recuperación',
    'Somebody signed in to your account with one of its recovery codes.':
      'Alguien inició sesión en su cuenta con uno de sus códigos de recuperación.',
    'Your account can now be signed in to with an account of another site.':
      'Ahora se puede iniciar sesión en su cuenta con una cuenta de otro sitio.',
    'An account of another site was unlinked from your account.':
      'Se desvinculó de su cuenta una cuenta de otro sitio.',
    'Your ways to sign in were reset': 'Se restablecieron sus formas de iniciar sesión',
    'All passkeys, authenticator apps and recovery codes of your account were removed by whoever runs this site, and you were signed out everywhere.':
      'Los responsables de este sitio quitaron todas las llaves de acceso, aplicaciones de autenticación y códigos de recuperación de su cuenta, y se cerraron todas sus sesiones.',
    'Your account was removed': 'Se eliminó su cuenta',
    'Your account was removed, with all it held.': 'Se eliminó su cuenta, con todo lo que contenía.',
    'Sign-in failed': 'Falló el inicio de sesión',
    'The sign-in failed': 'El inicio de sesión falló',
    'You were not signed in': 'No se inició su sesión',
    'Try again': 'Intentarlo de nuevo',
    'If it happens again, send these details to the people who run this application:':
      'Si vuelve a ocurrir, envíe estos datos a los responsables de esta aplicación:',
    'You, or a rule of the provider, did not allow this application to sign you in.':
      'Usted, o una regla del proveedor, no permitió que esta aplicación iniciara su sesión.',
    'This sign-in was not begun in this browser, or it took too long.':
      'Este inicio de sesión no empezó en este navegador, o tardó demasiado.',
    'You are known to the provider, but what you want to do needs a stronger sign-in than it made.':
      'El proveedor le conoce, pero lo que quiere hacer necesita un inicio de sesión más seguro que el que hizo.',
    'You have to sign in again for this, and the provider did not ask you to.':
      'Para esto debe iniciar sesión de nuevo, y el proveedor no se lo pidió.',
    'This needs a stronger proof of who you are.': 'Esto necesita una prueba más segura de quién es usted.',
    'This needs a more recent proof of who you are.': 'Esto necesita una prueba más reciente de quién es usted.',
    'The clocks of this application and of the provider are too far apart. You are not signed in.':
      'Los relojes de esta aplicación y del proveedor difieren demasiado. No ha iniciado sesión.',
    'What the provider says about you does not fit into the cookie that this application keeps it in.':
      'Lo que el proveedor dice de usted no cabe en la cookie en que esta aplicación lo guarda.',
    'This application was asked for a sign-in in a way that it does not understand.':
      'Se pidió a esta aplicación un inicio de sesión de una forma que no entiende.',
    'This application does not sign in at the provider that it was asked for.':
      'Esta aplicación no inicia sesión en el proveedor que se le pidió.',
    'The answer came from another provider than the one that was asked.':
      'La respuesta vino de otro proveedor que el preguntado.',
    'The provider’s answer could not be used. You are not signed in.':
      'No se pudo usar la respuesta del proveedor. No ha iniciado sesión.',
    'The sign-in service cannot be reached right now. Wait a moment, then try again.':
      'No se puede contactar ahora con el servicio de inicio de sesión. Espere un momento e inténtelo de nuevo.',
    'Signing in does not work right now. Try again soon.':
      'El inicio de sesión no funciona ahora. Inténtelo de nuevo pronto.',
    'You signed in, but this application did not see it. Your browser may be blocking its cookie.':
      'Usted inició sesión, pero esta aplicación no lo ha visto. Puede que su navegador bloquee su cookie.',
  },
};
