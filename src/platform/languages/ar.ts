import type { Language } from './language.js';

export const arabic: Language = {
  tag: 'ar',
  direction: 'rtl',
  words: {
    'Sign in': 'تسجيل الدخول',
    'to continue to': 'للمتابعة إلى',
    or: 'أو',
    'Other ways': 'طرق أخرى',
    'New here?': 'جديد هنا؟',
    'Create an account': 'إنشاء حساب',
    Username: 'اسم المستخدم',
    Password: 'كلمة المرور',
    'Forgot your password?': 'هل نسيت كلمة المرور؟',
    'Sign in with a passkey': 'تسجيل الدخول بمفتاح المرور',
    'Use your passkey or security key': 'استخدم مفتاح المرور أو مفتاح الأمان',
    'Sign in with {name}': 'تسجيل الدخول عبر {name}',
    'Send me a link by mail': 'أرسل لي رابطًا بالبريد',
    'Send me a code by mail': 'أرسل لي رمزًا بالبريد',
    'Confirm it’s you': 'أكّد أنه أنت',
    'One more step to sign in as {name}.': 'خطوة واحدة بعد لتسجيل الدخول باسم {name}.',
    'One more step to sign in as {name} to {client}.': 'خطوة واحدة بعد لتسجيل الدخول باسم {name} إلى {client}.',
    'Sign in as somebody else': 'تسجيل الدخول بحساب آخر',
    'Code from your authenticator app': 'الرمز من تطبيق المصادقة',
    Continue: 'متابعة',
    'Use a recovery code': 'استخدام رمز استرداد',
    'Recovery code': 'رمز الاسترداد',
    'Use this code': 'استخدم هذا الرمز',
    'Reference {code}': 'المرجع {code}',
    'Back to sign-in': 'العودة إلى تسجيل الدخول',
    'Sign in by mail': 'تسجيل الدخول بالبريد',
    'We send a link to your email address. It signs you in, here in this browser.':
      'نرسل رابطًا إلى بريدك الإلكتروني. يسجّل دخولك هنا في هذا المتصفح.',
    'We send a code to your email address. You type it here.': 'نرسل رمزًا إلى بريدك الإلكتروني. وتكتبه هنا.',
    'Send me the link': 'أرسل لي الرابط',
    'Send me the code': 'أرسل لي الرمز',
    'Username or email address': 'اسم المستخدم أو البريد الإلكتروني',
    'Email address': 'البريد الإلكتروني',
    'Look into your mail': 'انظر في بريدك',
    'If there is such an account, a link is on its way to its email address. Open it in this browser.':
      'إن كان هذا الحساب موجودًا فالرابط في طريقه إلى بريده الإلكتروني. افتحه في هذا المتصفح.',
    'If there is such an account, a link is on its way to its email address.':
      'إن كان هذا الحساب موجودًا فالرابط في طريقه إلى بريده الإلكتروني.',
    'A mail is on its way. Its link leads on to your account.': 'الرسالة في طريقها إليك. ورابطها يقود إلى حسابك.',
    'Nothing there? Look into the folder for unwanted mail. We write only to an address that is known to be yours, and not more than a few times in a quarter of an hour.':
      'لم يصل شيء؟ انظر في مجلد البريد غير المرغوب فيه. لا نكتب إلا إلى عنوان نعلم أنه لك، وبضع مرات فقط في كل ربع ساعة.',
    'Type the code': 'اكتب الرمز',
    'If there is such an account, a code is on its way to its email address.':
      'إن كان هذا الحساب موجودًا فالرمز في طريقه إلى بريده الإلكتروني.',
    'Code from the mail': 'الرمز من الرسالة',
    'Send another code': 'أرسل رمزًا آخر',
    'You asked for this link to sign in as {name}.': 'طلبت هذا الرابط لتسجيل الدخول باسم {name}.',
    'Sign in another way': 'تسجيل الدخول بطريقة أخرى',
    'We send a link to your email address, with which you choose a new one.':
      'نرسل رابطًا إلى بريدك الإلكتروني تختار به كلمة جديدة.',
    'Choose a new password': 'اختر كلمة مرور جديدة',
    'You are signed out everywhere, and sign in with the new password then.':
      'يُسجَّل خروجك من كل مكان، ثم تسجّل الدخول بكلمة المرور الجديدة.',
    'Set the new password': 'احفظ كلمة المرور الجديدة',
    'Your password is new': 'تغيّرت كلمة مرورك',
    'You were signed out everywhere. Sign in with the new password.':
      'سُجّل خروجك من كل مكان. سجّل الدخول بكلمة المرور الجديدة.',
    'New password': 'كلمة المرور الجديدة',
    'At least {count} characters, any you like. A few words that do not belong together are easy to remember.':
      '{count} حرفًا على الأقل، كما تشاء. من السهل تذكّر بضع كلمات لا صلة بينها.',
    'We send a link to your email address. It leads on to your account.':
      'نرسل رابطًا إلى بريدك الإلكتروني. يقود إلى حسابك.',
    'Your account': 'حسابك',
    'Your address is {email}.': 'عنوانك هو {email}.',
    'Your name (if you like)': 'اسمك (إن شئت)',
    'Make my account': 'أنشئ حسابي',
    'Not linked yet': 'غير مرتبط بعد',
    'Your account at {name} is not linked with an account here.': 'حسابك لدى {name} غير مرتبط بحساب هنا.',
    'Do you have an account here? Sign in to it once, as you always do. From then on you can use either.':
      'هل لديك حساب هنا؟ سجّل الدخول إليه مرة كما تفعل دائمًا. وبعدها يمكنك استخدام أي منهما.',
    'Link my account': 'اربط حسابي',
    'Make a new account': 'أنشئ حسابًا جديدًا',
    'Set up a second factor': 'إعداد عامل ثانٍ',
    'Your password alone is not enough here. You need an authenticator app on your phone.':
      'كلمة المرور وحدها لا تكفي هنا. تحتاج إلى تطبيق مصادقة على هاتفك.',
    'Scan this code with your authenticator app.': 'امسح هذا الرمز بتطبيق المصادقة.',
    'Then type the six digits that the app shows.': 'ثم اكتب الأرقام الستة التي يعرضها التطبيق.',
    'QR code that holds the key below': 'رمز QR يحمل المفتاح المكتوب أدناه',
    'I can’t scan it': 'لا أستطيع مسحه',
    'Type this key into the app: {secret}': 'اكتب هذا المفتاح في التطبيق: {secret}',
    Code: 'الرمز',
    'Your recovery codes': 'رموز الاسترداد',
    'Keep these codes where your phone is not: printed, or in a password manager. Each signs you in once when your second factor is gone. They are not shown again.':
      'احفظ هذه الرموز بعيدًا عن هاتفك: مطبوعة، أو في مدير كلمات المرور. كل رمز يدخلك مرة واحدة عند فقدان العامل الثاني. ولن تُعرض مرة أخرى.',
    'I have kept them': 'حفظتها',
    'One sign\u2011in, every app': 'دخول واحد لكل التطبيقات',
    'You are not signed in. Sign in here once and every application behind the gate knows you.':
      'لم تسجّل الدخول. سجّل هنا مرة واحدة فيعرفك كل تطبيق خلف البوابة.',
    'You are signed in': 'تم تسجيل دخولك',
    'Your applications': 'تطبيقاتك',
    'Sign out': 'تسجيل الخروج',
    'Sign out?': 'تسجيل الخروج؟',
    '{client} asks to sign you out.': 'يطلب {client} تسجيل خروجك.',
    'You are signed in as {name} ({username}).': 'سجّلت الدخول باسم {name} ({username}).',
    'After this, applications in this browser will ask you to sign in again.':
      'بعد ذلك ستطلب منك التطبيقات في هذا المتصفح تسجيل الدخول من جديد.',
    'Stay signed in': 'البقاء مسجّلًا',
    'Signed out': 'تم تسجيل الخروج',
    'You are signed out': 'تم تسجيل خروجك',
    'The applications in this browser are being told.': 'يجري إبلاغ التطبيقات في هذا المتصفح.',
    'The gate is closed.': 'البوابة مغلقة.',
    'On a shared computer, close the browser’s windows as well.': 'على حاسوب مشترك أغلق نوافذ المتصفح أيضًا.',
    '{enforced} of {applications} applications enforced it.': 'نفّذه {enforced} من {applications} من التطبيقات.',
    '{enforced} of {applications} applications enforced it, in {time}.':
      'نفّذه {enforced} من {applications} من التطبيقات خلال {time}.',
    'Back to {client}': 'العودة إلى {client}',
    'To the start page': 'إلى صفحة البداية',
    'Signing out of an application': 'تسجيل الخروج من تطبيق',
    'Allow access': 'السماح بالوصول',
    'Unnamed application': 'تطبيق بلا اسم',
    'About this application': 'عن هذا التطبيق',
    'Privacy policy': 'سياسة الخصوصية',
    'Terms of service': 'شروط الخدمة',
    '(opens in a new tab)': '(يُفتح في علامة تبويب جديدة)',
    'This application registered itself. Nobody here has checked who runs it.':
      'سجّل هذا التطبيق نفسه بنفسه. لم يتحقق أحد هنا ممن يديره.',
    'Allow {client} to use your account?': 'هل تسمح لـ {client} باستخدام حسابك؟',
    'It will be able to': 'سيتمكّن من',
    'Know that it is you, and nothing else about you': 'معرفة أنه أنت، ولا شيء آخر عنك',
    'Know who you are when you sign in': 'معرفة من أنت عند تسجيل دخولك',
    'See your profile: name, picture, birthday and the like': 'الاطلاع على ملفك: الاسم والصورة وتاريخ الميلاد وما شابه',
    'See your email address': 'الاطلاع على بريدك الإلكتروني',
    'See your postal address': 'الاطلاع على عنوانك البريدي',
    'See your phone number': 'الاطلاع على رقم هاتفك',
    'Keep this access while you are away, until you take it back': 'الاحتفاظ بهذا الوصول في غيابك إلى أن تسحبه',
    'Use {scope} for you': 'استخدام {scope} نيابة عنك',
    'Used at {places}': 'يُستخدم لدى {places}',
    Allow: 'سماح',
    Deny: 'رفض',
    'Connect a device': 'ربط جهاز',
    'Enter the code that your device shows.': 'اكتب الرمز الذي يعرضه جهازك.',
    'Go on only if your device shows this very code.': 'تابع فقط إن كان جهازك يعرض هذا الرمز نفسه.',
    'Allow {client} on a device to use your account?': 'هل تسمح لـ {client} على جهاز باستخدام حسابك؟',
    'Does your device show this code?': 'هل يعرض جهازك هذا الرمز؟',
    'Allow it only if you have the device in front of you.': 'لا تسمح إلا إذا كان الجهاز أمامك.',
    'If somebody sent you the code or a link, they are trying to get into your account: deny it.':
      'إن أرسل إليك أحد الرمز أو رابطًا فهو يحاول الدخول إلى حسابك: ارفض.',
    'Your device is connected': 'جهازك مرتبط الآن',
    'The device was refused': 'رُفض الجهاز',
    '{client} goes on in a few seconds. You can close this page.': 'يتابع {client} خلال ثوانٍ. يمكنك إغلاق هذه الصفحة.',
    '{client} was told no, and has no access to your account. You can close this page.':
      'رُفض {client} ولا وصول له إلى حسابك. يمكنك إغلاق هذه الصفحة.',
    'Back to the application': 'العودة إلى التطبيق',
    'You are on your way. If nothing happens, press the button.': 'أنت في الطريق. إن لم يحدث شيء فاضغط الزر.',
    Error: 'خطأ',
    Parameter: 'المعامل',
    Status: 'الحالة',
    Reference: 'المرجع',
    'Something went wrong here': 'حدث خطأ هنا',
    'This request can’t be completed': 'لا يمكن إتمام هذا الطلب',
    'This is our fault, not yours. Wait a minute, then try again.': 'الخطأ منّا لا منك. انتظر دقيقة ثم حاول مرة أخرى.',
    'Go back to the application you came from and start again from there.':
      'عُد إلى التطبيق الذي جئت منه وابدأ من جديد هناك.',
    'If it happens again, send these details to the people who run it:':
      'إن تكرر ذلك فأرسل هذه التفاصيل إلى القائمين عليه:',
    'Sign out here': 'سجّل الخروج هنا',
    'Back to your account': 'العودة إلى حسابك',
    'The username or the password is not right.': 'اسم المستخدم أو كلمة المرور غير صحيحة.',
    'The server is busy. Try again in a moment.': 'الخادم مشغول. حاول بعد لحظة.',
    'Too many attempts. Wait a while, then try again.': 'محاولات كثيرة جدًا. انتظر قليلًا ثم حاول مرة أخرى.',
    'That did not work. Try again, or sign in another way.': 'لم ينجح ذلك. حاول مرة أخرى أو سجّل الدخول بطريقة أخرى.',
    'This code is not right, or it was used already.': 'هذا الرمز غير صحيح أو سبق استخدامه.',
    'This code is not right. Wait for the next one and try again.':
      'هذا الرمز غير صحيح. انتظر الرمز التالي ثم حاول مرة أخرى.',
    'This code is not right, or too old. After five wrong ones ask for another.':
      'هذا الرمز غير صحيح أو قديم جدًا. بعد خمس محاولات خاطئة اطلب رمزًا آخر.',
    'There is no such way to sign in, any more. Choose another.':
      'لم تعد هذه الطريقة لتسجيل الدخول موجودة. اختر غيرها.',
    '{name} cannot be reached right now. Sign in another way, or try again.':
      'يتعذر الوصول إلى {name} الآن. سجّل الدخول بطريقة أخرى أو حاول مرة أخرى.',
    '{name} did not let you in, or you did not want to go on there.':
      'لم يسمح لك {name} بالدخول، أو لم ترد المتابعة هناك.',
    'You must sign in anew for this, and {name} did not ask you again.':
      'يجب أن تسجّل الدخول من جديد لهذا، ولم يطلب منك {name} ذلك.',
    'The answer of {name} is not right, so nobody was signed in. Begin again.':
      'جواب {name} غير صحيح، فلم يُسجَّل دخول أحد. ابدأ من جديد.',
    'This sign-in is finished, has expired, or began in another browser. Begin again.':
      'انتهى تسجيل الدخول هذا أو انقضى وقته أو بدأ في متصفح آخر. ابدأ من جديد.',
    'This sign-in has expired, is finished, or began in another browser.':
      'انقضى وقت تسجيل الدخول هذا أو انتهى أو بدأ في متصفح آخر.',
    'This form does not belong to this browser. Open the sign-in page again.':
      'هذا النموذج ليس لهذا المتصفح. افتح صفحة تسجيل الدخول من جديد.',
    'This form was not sent from our own page. Go back and try again.':
      'لم يُرسل هذا النموذج من صفحتنا. عُد وحاول مرة أخرى.',
    'This page belongs to a sign-in that has ended, or to another browser.':
      'هذه الصفحة لتسجيل دخول انتهى أو لمتصفح آخر.',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another.':
      'سبق استخدام هذا الرابط أو هو قديم جدًا أو حلّ محله رابط أحدث. اطلب رابطًا آخر.',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another on the sign-in page.':
      'سبق استخدام هذا الرابط أو هو قديم جدًا أو حلّ محله رابط أحدث. اطلب رابطًا آخر في صفحة تسجيل الدخول.',
    'This link was used already, is too old, or was replaced by a newer one. Sign up again to get another.':
      'سبق استخدام هذا الرابط أو هو قديم جدًا أو حلّ محله رابط أحدث. أنشئ الحساب من جديد لتحصل على رابط آخر.',
    'This link works in the browser in which it was asked for. Open it there, or ask for a new one here.':
      'يعمل هذا الرابط في المتصفح الذي طُلب فيه. افتحه هناك أو اطلب رابطًا جديدًا هنا.',
    'The account here that this one is linked with cannot be used.': 'لا يمكن استخدام الحساب المرتبط به هنا.',
    'It is linked with another account here.': 'إنه مرتبط بحساب آخر هنا.',
    'The application is not known here.': 'التطبيق غير معروف هنا.',
    'Too many sign-ins begin from your network. Try again in a few minutes.':
      'تبدأ من شبكتك عمليات دخول كثيرة جدًا. حاول بعد بضع دقائق.',
    'The code has expired, or it was answered already. Ask your device for a new one.':
      'انقضى وقت الرمز أو سبق الرد عليه. اطلب من جهازك رمزًا جديدًا.',
    'There is nothing at this address.': 'لا شيء في هذا العنوان.',
    'The server could not complete this request.': 'لم يتمكن الخادم من إتمام هذا الطلب.',
    'The server cannot answer right now. Try again in a moment.': 'لا يستطيع الخادم الرد الآن. حاول بعد لحظة.',
    'This is not an email address that can be used here.': 'لا يمكن استخدام هذا البريد الإلكتروني هنا.',
    'This email address belongs to another account.': 'هذا البريد الإلكتروني لحساب آخر.',
    'This username is taken. Choose another.': 'اسم المستخدم هذا مأخوذ. اختر غيره.',
    'This username is reserved. Choose another.': 'اسم المستخدم هذا محجوز. اختر غيره.',
    'A username is made of letters and digits, with single dots, hyphens or underscores between them. It is not an email address.':
      'يتكوّن اسم المستخدم من حروف وأرقام تفصل بينها نقاط أو شرطات مفردة. وليس بريدًا إلكترونيًا.',
    'A username has no spaces around it, invisible or wide characters in it.':
      'لا مسافات حول اسم المستخدم، ولا حروف خفية أو عريضة فيه.',
    'A username has 1 to {count} visible characters.': 'لاسم المستخدم من 1 إلى {count} من الحروف الظاهرة.',
    'A username is written in one script: this one mixes letters that look alike.':
      'يُكتب اسم المستخدم بكتابة واحدة: وهذا يخلط حروفًا متشابهة.',
    'All letters of this username look like letters of another script. Choose another.':
      'كل حروف اسم المستخدم هذا تشبه حروف كتابة أخرى. اختر غيره.',
    'This password is one that others try first: it is common, or easy to guess. Choose another.':
      'كلمة المرور هذه مما يجرّبه الآخرون أولًا: فهي شائعة أو سهلة التخمين. اختر غيرها.',
    'A password has at least {count} characters. A few words that do not belong together are easy to remember.':
      'لكلمة المرور {count} حرفًا على الأقل. من السهل تذكّر بضع كلمات لا صلة بينها.',
    'Hello {name},': 'مرحبًا {name}،',
    'Or copy this address into your browser:': 'أو انسخ هذا العنوان إلى متصفحك:',
    'This mail was sent by {service}. Nobody reads answers to it.':
      'أرسل {service} هذه الرسالة. لا أحد يقرأ الردود عليها.',
    'If you did not ask for this, do nothing: it is good for nobody but whoever reads this mail.':
      'إن لم تطلب هذا فلا تفعل شيئًا: فهو لا ينفع إلا من يقرأ هذه الرسالة.',
    'Sign in to {service}': 'تسجيل الدخول إلى {service}',
    'Use this link to sign in. It works once, within {minutes}, in the browser in which you asked for it.':
      'استخدم هذا الرابط لتسجيل الدخول. يعمل مرة واحدة خلال {minutes} في المتصفح الذي طلبته فيه.',
    'Your code for {service}': 'رمزك لدى {service}',
    'Type this code on the page on which you asked for it. It works once, within {minutes}.':
      'اكتب هذا الرمز في الصفحة التي طلبته فيها. يعمل مرة واحدة خلال {minutes}.',
    'Nobody from {service} will ever ask you for it.': 'لن يطلبه منك أحد من {service} أبدًا.',
    'A new password for {service}': 'كلمة مرور جديدة لدى {service}',
    'Somebody, hopefully you, forgot the password of your account. Choose a new one with this link within {minutes}.':
      'نسي أحدهم، ونرجو أنه أنت، كلمة مرور حسابك. اختر كلمة جديدة بهذا الرابط خلال {minutes}.',
    'If it was not you, do nothing: your password stays as it is.':
      'إن لم تكن أنت فلا تفعل شيئًا: تبقى كلمة مرورك كما هي.',
    'How you sign in to {service}': 'كيف تسجّل الدخول إلى {service}',
    'Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.':
      'نسي أحدهم، ونرجو أنه أنت، كلمة مرور حسابك. لا كلمة مرور له: فأنت تسجّل الدخول بطريقة أخرى.',
    'Open the sign-in page and choose the way you always do.': 'افتح صفحة تسجيل الدخول واختر طريقتك المعتادة.',
    'Your account at {service}': 'حسابك لدى {service}',
    'Somebody, hopefully you, wants to make an account with this address. Go on with this link within {hours}.':
      'يريد أحدهم، ونرجو أنه أنت، إنشاء حساب بهذا العنوان. تابع بهذا الرابط خلال {hours}.',
    'If it was not you, do nothing, and there will be no account.': 'إن لم تكن أنت فلا تفعل شيئًا، ولن يكون هناك حساب.',
    'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.':
      'أراد أحدهم، ونرجو أنه أنت، إنشاء حساب بهذا العنوان. هناك حساب بالفعل: سجّل الدخول، أو اختر كلمة مرور جديدة إن نسيت كلمتك.',
    'If it was not you, do nothing.': 'إن لم تكن أنت فلا تفعل شيئًا.',
  },
};
