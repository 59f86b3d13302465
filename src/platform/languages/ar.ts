import type { Forms, Language } from './language.js';

export const arabic: Language = {
  tag: 'ar',
  name: 'العربية',
  direction: 'rtl',
  words: {
    'Sign in': 'تسجيل الدخول',
    'to continue to': 'للمتابعة إلى',
    or: 'أو',
    'Other ways': 'طرق أخرى',
    'New here?': 'ليس لديك حساب بعد؟',
    'Create an account': 'إنشاء حساب',
    Username: 'اسم المستخدم',
    Password: 'كلمة المرور',
    'Forgot your password?': 'هل نسيت كلمة المرور؟',
    'Sign in with a passkey': 'تسجيل الدخول بمفتاح المرور',
    'Use your passkey or security key': 'استخدم مفتاح المرور أو مفتاح الأمان',
    'Sign in with {name}': 'تسجيل الدخول عبر {name}',
    'Send me a link by mail': 'أرسل لي رابطًا بالبريد',
    'Send me a code by mail': 'أرسل لي رمزًا بالبريد',
    'Confirm it’s you': 'تأكيد هويتك',
    'One more step to sign in as {name}.': 'بقيت خطوة واحدة لتسجيل الدخول باسم {name}.',
    'One more step to sign in as {name} to {client}.': 'بقيت خطوة واحدة لتسجيل الدخول باسم {name} إلى {client}.',
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
    'Look into your mail': 'تحقّق من بريدك',
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
      'نرسل رابطًا إلى بريدك الإلكتروني تختار به كلمة مرور جديدة.',
    'Choose a new password': 'اختر كلمة مرور جديدة',
    'You are signed out everywhere, and sign in with the new password then.':
      'يُسجَّل خروجك من كل مكان، ثم تسجّل الدخول بكلمة المرور الجديدة.',
    'Set the new password': 'احفظ كلمة المرور الجديدة',
    'Your password is new': 'تغيّرت كلمة مرورك',
    'You were signed out everywhere. Sign in with the new password.':
      'سُجّل خروجك من كل مكان. سجّل الدخول بكلمة المرور الجديدة.',
    'New password': 'كلمة المرور الجديدة',
    'At least {count} characters, any you like. A few words that do not belong together are easy to remember.':
      characters('{} على الأقل، كما تشاء. من السهل تذكّر بضع كلمات لا صلة بينها.'),
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
    'Stay signed in': 'البقاء مسجّل الدخول',
    'Signed out': 'تم تسجيل الخروج',
    'You are signed out': 'تم تسجيل خروجك',
    'The applications in this browser are being told.': 'يجري إبلاغ التطبيقات في هذا المتصفح.',
    'The gate is closed.': 'البوابة مغلقة.',
    'On a shared computer, close the browser’s windows as well.': 'على حاسوب مشترك أغلق نوافذ المتصفح أيضًا.',
    '{enforced} of {applications} applications enforced it.': {
      by: 'applications',
      zero: 'نفّذه {enforced} من {applications} تطبيق.',
      one: 'نفّذه {enforced} من تطبيق واحد.',
      two: 'نفّذه {enforced} من تطبيقين.',
      few: 'نفّذه {enforced} من {applications} تطبيقات.',
      many: 'نفّذه {enforced} من {applications} تطبيقًا.',
      other: 'نفّذه {enforced} من {applications} تطبيق.',
    },
    '{enforced} of {applications} applications enforced it, in {time}.': {
      by: 'applications',
      zero: 'نفّذه {enforced} من {applications} تطبيق خلال {time}.',
      one: 'نفّذه {enforced} من تطبيق واحد خلال {time}.',
      two: 'نفّذه {enforced} من تطبيقين خلال {time}.',
      few: 'نفّذه {enforced} من {applications} تطبيقات خلال {time}.',
      many: 'نفّذه {enforced} من {applications} تطبيقًا خلال {time}.',
      other: 'نفّذه {enforced} من {applications} تطبيق خلال {time}.',
    },
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
    'You are on your way. If nothing happens, press the button.': 'جارٍ تحويلك. إن لم يحدث شيء فاضغط الزر.',
    'How you sign in': 'كيف تسجّل الدخول',
    'You are signed in as {name}.': 'سجّلت الدخول باسم {name}.',
    Passkeys: 'مفاتيح المرور',
    'No passkeys yet.': 'لا مفاتيح مرور بعد.',
    'Authenticator apps': 'تطبيقات المصادقة',
    'None. An app on your phone makes your account much harder to steal.':
      'لا يوجد. تطبيق على هاتفك يجعل سرقة حسابك أصعب بكثير.',
    '{count} recovery codes left.': {
      by: 'count',
      zero: 'لم يبقَ أي رمز استرداد.',
      one: 'بقي رمز استرداد واحد.',
      two: 'بقي رمزا استرداد.',
      few: 'بقيت {count} رموز استرداد.',
      many: 'بقي {count} رمز استرداد.',
      other: 'بقي {count} رمز استرداد.',
    },
    'Change how you sign in': 'تغيير طرق تسجيل الدخول',
    'Add a passkey': 'إضافة مفتاح مرور',
    'Add an authenticator app': 'إضافة تطبيق مصادقة',
    'New recovery codes': 'رموز استرداد جديدة',
    'Accounts of other sites': 'حسابات في مواقع أخرى',
    'Your email address': 'بريدك الإلكتروني',
    'Change your password': 'تغيير كلمة المرور',
    Profile: 'الملف الشخصي',
    'Where you are signed in': 'أين سجّلت الدخول',
    'Connected applications': 'التطبيقات المرتبطة',
    'Recent security events': 'أحداث الأمان الأخيرة',
    'Your data': 'بياناتك',
    'Remove your account': 'إزالة حسابك',
    'Start page': 'صفحة البداية',
    Language: 'اللغة',
    Change: 'تغيير',
    'Add this app': 'أضف هذا التطبيق',
    'Authenticator app': 'تطبيق المصادقة',
    Passkey: 'مفتاح مرور',
    'Your passkey': 'مفتاح مرورك',
    'Your authenticator app': 'تطبيق مصادقتك',
    'Added {date}.': 'أُضيف في {date}.',
    'Not used yet.': 'لم يُستخدم بعد.',
    'Last used {date}.': 'آخر استخدام: {date}.',
    Name: 'الاسم',
    'Save the name': 'حفظ الاسم',
    'You cannot sign in with it any more. If it is lost, remove it and add another one.':
      'لن تستطيع تسجيل الدخول به بعد ذلك. إن فُقد فأزله وأضف غيره.',
    'Remove this passkey': 'إزالة مفتاح المرور هذا',
    'Remove this authenticator app': 'إزالة تطبيق المصادقة هذا',
    'A passkey signs you in with the lock of this device, or with a security key. It works on this site alone, so nobody can talk you out of it.':
      'يسجّل مفتاح المرور دخولك بقفل هذا الجهاز أو بمفتاح أمان. وهو يعمل في هذا الموقع وحده، فلا يستطيع أحد أن يستدرجك لتعطيه إياه.',
    'Passkeys need JavaScript. Turn it on for this page, or use an authenticator app instead.':
      'تحتاج مفاتيح المرور إلى JavaScript. فعّله لهذه الصفحة، أو استخدم تطبيق مصادقة بدلًا منها.',
    'No passkey was made. Try again.': 'لم يُنشأ مفتاح مرور. حاول مرة أخرى.',
    'This device or security key is one of your passkeys already.':
      'هذا الجهاز أو مفتاح الأمان من مفاتيح مرورك بالفعل.',
    'For example: laptop': 'مثلًا: الحاسوب المحمول',
    'You have {count} codes left. A new set makes them worthless.': {
      by: 'count',
      zero: 'لم يبقَ لديك أي رمز.',
      one: 'بقي لديك رمز واحد. تُبطله المجموعة الجديدة.',
      two: 'بقي لديك رمزان. تُبطلهما المجموعة الجديدة.',
      few: 'بقيت لديك {count} رموز. تُبطلها المجموعة الجديدة.',
      many: 'بقي لديك {count} رمزًا. تُبطلها المجموعة الجديدة.',
      other: 'بقي لديك {count} رمز. تُبطلها المجموعة الجديدة.',
    },
    'You have no codes left. A new set lets you in when your second factor is gone.':
      'لم يبقَ لديك أي رمز. مجموعة جديدة تدخلك عند فقدان العامل الثاني.',
    'Make new codes': 'أنشئ رموزًا جديدة',
    'You stay signed in here, and are signed out everywhere else.': 'تبقى مسجّل الدخول هنا، ويُسجَّل خروجك من كل مكان آخر.',
    'Change password': 'غيّر كلمة المرور',
    'None is linked yet. With one that is, you can sign in here, too.':
      'لا حساب مرتبط بعد. بحساب مرتبط يمكنك تسجيل الدخول هنا أيضًا.',
    Unlink: 'فك الارتباط',
    'Unlink {name}': 'فك الارتباط مع {name}',
    'Link an account of {name}': 'ربط حساب لدى {name}',
    'You have none here yet. Without one nobody can help you back in when you forget your password.':
      'ليس لديك عنوان هنا بعد. وبدونه لا يستطيع أحد إعادتك إلى حسابك إن نسيت كلمة المرور.',
    'It is {email}.': 'إنه {email}.',
    'It is {email}, and not confirmed yet: send yourself the mail below.':
      'إنه {email} ولم يُؤكَّد بعد: أرسل إلى نفسك الرسالة أدناه.',
    'New email address': 'البريد الإلكتروني الجديد',
    'Send a mail to confirm it': 'أرسل رسالة لتأكيده',
    'A mail is on its way to {email}. Open its link while you are signed in here; until then everything stays as it is.':
      'الرسالة في طريقها إلى {email}. افتح رابطها وأنت مسجّل الدخول هنا؛ وإلى ذلك الحين يبقى كل شيء كما هو.',
    'Undo the change': 'التراجع عن التغيير',
    'Confirm your email address': 'تأكيد بريدك الإلكتروني',
    'Your account gets this address back, and is signed out everywhere: {email}':
      'يستعيد حسابك هذا العنوان ويُسجَّل خروجه من كل مكان: {email}',
    'This becomes the address of your account: {email}': 'يصبح هذا عنوان حسابك: {email}',
    Confirm: 'تأكيد',
    'Your address is back': 'استُعيد عنوانك',
    'Your account was signed out everywhere, and what was added since then to sign in with is gone. Somebody knew enough to change it, so choose a new password now: we send a link to this address.':
      'سُجّل خروج حسابك من كل مكان، وحُذف ما أُضيف منذ ذلك الحين لتسجيل الدخول. عرف أحدهم ما يكفي لتغييره، فاختر الآن كلمة مرور جديدة: نرسل رابطًا إلى هذا العنوان.',
    'Your profile': 'ملفك الشخصي',
    'Saved. Applications see it when they look next.': 'حُفظ. تراه التطبيقات حين تطّلع عليه في المرة القادمة.',
    'You sign in as {name}. Applications that you let see your profile see this:':
      'تسجّل الدخول باسم {name}. التطبيقات التي تسمح لها برؤية ملفك ترى هذا:',
    'Full name': 'الاسم الكامل',
    'Given name': 'الاسم الأول',
    'Family name': 'اسم العائلة',
    Nickname: 'الاسم المستعار',
    'As the browser asks': 'كما يطلب المتصفح',
    'Of our pages when you are signed in, and of the mails that we write to you.':
      'لغة صفحاتنا بعد تسجيل دخولك، ولغة الرسائل التي نكتبها إليك.',
    Save: 'حفظ',
    'One file, in JSON, with everything that is kept about you here: your profile, how you sign in, where you are signed in, the applications you let in, and what happened to your account. It holds no secrets: no password, no key.':
      'ملف واحد بصيغة JSON فيه كل ما نحفظه عنك هنا: ملفك الشخصي، وكيف تسجّل الدخول، وأين سجّلت الدخول، والتطبيقات التي سمحت لها، وما جرى لحسابك. لا أسرار فيه: لا كلمة مرور ولا مفتاح.',
    'Download your data': 'تنزيل بياناتك',
    'Your account is gone for good, with your profile, all you sign in with, and what applications may do for you. You are signed out everywhere. What applications keep about you themselves, only they can remove.':
      'يزول حسابك إلى الأبد، مع ملفك الشخصي وكل ما تسجّل الدخول به وما يجوز للتطبيقات أن تفعله نيابة عنك. ويُسجَّل خروجك من كل مكان. أما ما تحفظه التطبيقات عنك بنفسها فلا يزيله غيرها.',
    'Download your data first, if you want to keep it.': 'نزّل بياناتك أولًا إن أردت الاحتفاظ بها.',
    'Type your username, {username}, to confirm': 'اكتب اسم المستخدم، {username}، للتأكيد',
    'Remove my account for good': 'أزل حسابي نهائيًا',
    'Account removed': 'أُزيل الحساب',
    'Your account is removed': 'أُزيل حسابك',
    'You are signed out everywhere, and nothing that was given in your name is worth anything now.':
      'سُجّل خروجك من كل مكان، ولم يعد لأي شيء مُنح باسمك قيمة.',
    'That device is signed out.': 'سُجّل خروج ذلك الجهاز.',
    'Sign out of {device}': 'تسجيل الخروج من {device}',
    'Ends every session, here too, and takes back what applications were given, also while you are away.':
      'ينهي كل الجلسات، وهنا أيضًا، ويسحب ما مُنح للتطبيقات، حتى ما يعمل في غيابك.',
    'Sign out everywhere': 'تسجيل الخروج من كل مكان',
    'This device': 'هذا الجهاز',
    'From {address}, since {date}': 'من {address}، منذ {date}',
    'an unknown address': 'عنوان غير معروف',
    'Last seen {date}': 'آخر نشاط: {date}',
    'Applications: {names}': 'التطبيقات: {names}',
    '{browser} on {system}': '{browser} على {system}',
    'Unknown browser': 'متصفح غير معروف',
    'You are signed out everywhere': 'سُجّل خروجك من كل مكان',
    'Every session has ended, and what applications were given is worth nothing any more.':
      'انتهت كل الجلسات، ولم تعد لما مُنح للتطبيقات قيمة.',
    Confirmed: 'مؤكَّد',
    '{done} of {total} confirmed so far': 'المؤكَّد حتى الآن: {done} من {total}',
    'You have let no application in.': 'لم تسمح لأي تطبيق بالوصول.',
    'Take access back': 'سحب الوصول',
    'Take access back from {client}': 'سحب الوصول من {client}',
    'Since {date}': 'منذ {date}',
    'Last let in {date}': 'آخر سماح: {date}',
    'Has access while you are away': 'له وصول في غيابك',
    'You allowed: {scopes}': 'ما سمحت به: {scopes}',
    'Is there something that was not you? Change your password, and sign out everywhere.':
      'هل هناك شيء لم تفعله أنت؟ غيّر كلمة مرورك وسجّل الخروج من كل مكان.',
    'Signed in': 'تم تسجيل الدخول',
    'A sign-in was refused': 'رُفض تسجيل دخول',
    'Signed out everywhere': 'تم تسجيل الخروج من كل مكان',
    'An application was given access': 'مُنح تطبيق حق الوصول',
    'Access was taken back from an application': 'سُحب الوصول من تطبيق',
    'The profile was changed': 'تغيّر الملف الشخصي',
    'The data of the account was downloaded': 'نُزّلت بيانات الحساب',
    'A way to sign in was added': 'أُضيفت طريقة لتسجيل الدخول',
    'A way to sign in was renamed': 'أُعيدت تسمية طريقة لتسجيل الدخول',
    'A way to sign in was removed': 'أُزيلت طريقة لتسجيل الدخول',
    'All passkeys, apps and codes were removed': 'أُزيلت كل مفاتيح المرور والتطبيقات والرموز',
    'The password was changed': 'تغيّرت كلمة المرور',
    'A link for a new password was asked for': 'طُلب رابط لكلمة مرور جديدة',
    'A mail to sign in was asked for': 'طُلبت رسالة لتسجيل الدخول',
    'A new email address was entered': 'أُدخل بريد إلكتروني جديد',
    'The email address was changed': 'تغيّر البريد الإلكتروني',
    'The change of the email address was undone': 'جرى التراجع عن تغيير البريد الإلكتروني',
    'The email address was confirmed': 'أُكّد البريد الإلكتروني',
    'The account was made': 'أُنشئ الحساب',
    'The roles of the account were changed': 'تغيّرت أدوار الحساب',
    'The account was suspended': 'عُلّق الحساب',
    'The account was restored': 'أُعيد تفعيل الحساب',
    'The account was removed': 'أُزيل الحساب',
    'Something about the account changed': 'تغيّر شيء في الحساب',
    'Recovery codes': 'رموز الاسترداد',
    'Account of another site': 'حساب في موقع آخر',
    '{date}, by the operator': '{date}، من قِبل المشغّل',
    '{date}, from {address}, {device}': '{date}، من {address}، {device}',
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
      'يتكوّن اسم المستخدم من حروف وأرقام تفصل بينها نقاط أو شرطات أو شرطات سفلية مفردة. وليس بريدًا إلكترونيًا.',
    'A username has no spaces around it, invisible or wide characters in it.':
      'لا مسافات حول اسم المستخدم، ولا حروف خفية أو عريضة فيه.',
    'A username has 1 to {count} visible characters.': 'لاسم المستخدم من 1 إلى {count} من الحروف الظاهرة.',
    'This username has a letter or a mark that looks like another, or cannot be seen. Choose another.':
      'في اسم المستخدم هذا حرف أو علامة تشبه غيرها أو لا تُرى. اختر اسمًا آخر.',
    'A username is written in one script: this one mixes letters that look alike.':
      'يُكتب اسم المستخدم بكتابة واحدة: وهذا يخلط حروفًا متشابهة.',
    'All letters of this username look like letters of another script. Choose another.':
      'كل حروف اسم المستخدم هذا تشبه حروف كتابة أخرى. اختر غيره.',
    'This password is one that others try first: it is common, or easy to guess. Choose another.':
      'كلمة المرور هذه مما يجرّبه الآخرون أولًا: فهي شائعة أو سهلة التخمين. اختر غيرها.',
    'A password has at least {count} characters. A few words that do not belong together are easy to remember.':
      characters('لكلمة المرور {} على الأقل. من السهل تذكّر بضع كلمات لا صلة بينها.'),
    Details: 'التفاصيل',
    'The request is not made as it should be.': 'لم يُرسل الطلب كما ينبغي.',
    '{name} cannot be reached right now. Try again in a moment.': 'يتعذر الوصول إلى {name} الآن. حاول بعد لحظة.',
    'This is the only way you have to sign in. Add another one first, or choose a password.':
      'هذه طريقتك الوحيدة لتسجيل الدخول. أضف غيرها أولًا، أو اختر كلمة مرور.',
    'You have no such way to sign in, any more.': 'لم تعد لديك هذه الطريقة لتسجيل الدخول.',
    'There are too many linked accounts. Remove one first.': 'الحسابات المرتبطة كثيرة جدًا. أزل واحدًا منها أولًا.',
    'There is no such site.': 'لا وجود لهذا الموقع.',
    'This application has no access any more.': 'لم يعد لهذا التطبيق وصول.',
    'This page was open for too long. Open it again.': 'بقيت هذه الصفحة مفتوحة طويلًا. افتحها من جديد.',
    'The form asks for nothing we know.': 'لا يطلب النموذج شيئًا نعرفه.',
    'A name has at least one character.': 'للاسم حرف واحد على الأقل.',
    'A name has at most {count} characters, on one line, and all of them can be seen.': characters(
      'للاسم {} على الأكثر، في سطر واحد ودون حروف خفية.',
    ),
    'This link was used already, or is too old.': 'سبق استخدام هذا الرابط أو هو قديم جدًا.',
    'This link was used already, is too old, or was replaced by a newer one.':
      'سبق استخدام هذا الرابط أو هو قديم جدًا أو حلّ محله رابط أحدث.',
    'This link belongs to another account. Sign in to that one first.': 'هذا الرابط لحساب آخر. سجّل الدخول إليه أولًا.',
    'Addresses are not changed here.': 'لا تُغيَّر العناوين هنا.',
    'Passwords are not kept here.': 'لا تُحفظ كلمات المرور هنا.',
    'Passwords are not reset here.': 'لا يُعاد تعيين كلمات المرور هنا.',
    'Profiles are not kept here.': 'لا تُحفظ الملفات الشخصية هنا.',
    'Accounts are not made here.': 'لا تُنشأ الحسابات هنا.',
    'Accounts are not removed here.': 'لا تُزال الحسابات هنا.',
    'There are no passkeys at this address.': 'لا مفاتيح مرور في هذا العنوان.',
    'Too many mails were asked for. Wait an hour, then try again.':
      'طُلبت رسائل كثيرة جدًا. انتظر ساعة ثم حاول مرة أخرى.',
    'This sign-in has ended, or began in another browser.': 'انتهى تسجيل الدخول هذا أو بدأ في متصفح آخر.',
    'This passkey was not added: it is known already, or its answer was not right. Try again.':
      'لم يُضف مفتاح المرور هذا: فهو معروف بالفعل أو لم يكن جوابه صحيحًا. حاول مرة أخرى.',
    'This session has ended already.': 'انتهت هذه الجلسة بالفعل.',
    'This is not your username. Nothing was removed.': 'ليس هذا اسم المستخدم الخاص بك. لم يُزل شيء.',
    'The form holds no decision.': 'لا قرار في النموذج.',
    'This sign-in is not waiting for a decision. Go back and start again.':
      'لا ينتظر تسجيل الدخول هذا قرارًا. عُد وابدأ من جديد.',
    'This code is not known, or it has expired. Check it, or ask your device for a new one.':
      'هذا الرمز غير معروف أو انقضى وقته. تحقق منه، أو اطلب من جهازك رمزًا جديدًا.',
    'Too many wrong codes were entered. Try again in {minutes}.': 'أُدخلت رموز خاطئة كثيرة جدًا. حاول بعد {minutes}.',
    'Too many wrong codes were entered. Sign in first and enter the code then, or try again in {minutes}.':
      'أُدخلت رموز خاطئة كثيرة جدًا. سجّل الدخول أولًا ثم اكتب الرمز، أو حاول بعد {minutes}.',
    'The redirect_uri is not registered for this application.': 'عنوان redirect_uri غير مسجّل لهذا التطبيق.',
    'The id_token_hint is not an ID token of this provider.': 'ليس id_token_hint رمز هوية من هذا المزوّد.',
    'The id_token_hint was issued to another application than client_id names.':
      'صدر id_token_hint لتطبيق غير الذي يسمّيه client_id.',
    'The post_logout_redirect_uri is not registered for this application.':
      'عنوان post_logout_redirect_uri غير مسجّل لهذا التطبيق.',
    'This way to sign in does not belong to this step.': 'طريقة تسجيل الدخول هذه ليست لهذه الخطوة.',
    'A parameter comes more than once.': 'تكرّر أحد المعاملات.',
    'A password has 1 to {count} bytes.': 'لكلمة المرور من 1 إلى {count} بايت.',
    'The server refused this request.': 'رفض الخادم هذا الطلب.',
    'This page takes a form, not this kind of content.': 'تقبل هذه الصفحة نموذجًا لا هذا النوع من المحتوى.',
    'The form has too many fields.': 'في النموذج حقول كثيرة جدًا.',
    'A field of the form is missing or comes more than once.': 'أحد حقول النموذج ناقص أو مكرر.',
    'The request is too large.': 'الطلب كبير جدًا.',
    'The request has a content type that is not accepted here.': 'نوع محتوى الطلب غير مقبول هنا.',
    'The request could not be read.': 'تعذّرت قراءة الطلب.',
    'Hello {name},': 'مرحبًا {name}،',
    'Hello and welcome,': 'أهلًا وسهلًا بك،',
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
      'نسي أحدهم، ونرجو أن تكون أنت، كلمة مرور حسابك. اختر كلمة مرور جديدة بهذا الرابط خلال {minutes}.',
    'If it was not you, do nothing: your password stays as it is.':
      'إن لم تكن أنت فلا تفعل شيئًا: تبقى كلمة مرورك كما هي.',
    'How you sign in to {service}': 'كيف تسجّل الدخول إلى {service}',
    'Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.':
      'نسي أحدهم، ونرجو أن تكون أنت، كلمة مرور حسابك. لا كلمة مرور له: فأنت تسجّل الدخول بطريقة أخرى.',
    'Open the sign-in page and choose the way you always do.': 'افتح صفحة تسجيل الدخول واختر طريقتك المعتادة.',
    'Your account at {service}': 'حسابك لدى {service}',
    'Somebody, hopefully you, wants to make an account with this address. Go on with this link within {hours}.':
      'يريد أحدهم، ونرجو أن تكون أنت، إنشاء حساب بهذا العنوان. تابع بهذا الرابط خلال {hours}.',
    'If it was not you, do nothing, and there will be no account.': 'إن لم تكن أنت فلا تفعل شيئًا، ولن يكون هناك حساب.',
    'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.':
      'أراد أحدهم، ونرجو أن تكون أنت، إنشاء حساب بهذا العنوان. هناك حساب بالفعل: سجّل الدخول، أو اختر كلمة مرور جديدة إن نسيت كلمة مرورك.',
    'If it was not you, do nothing.': 'إن لم تكن أنت فلا تفعل شيئًا.',
    'Is this your address?': 'هل هذا عنوانك؟',
    'Somebody, hopefully you, says that this is the email address of their account at {service}. Confirm it within {hours}, signed in to that account.':
      'يقول أحدهم، ونرجو أن تكون أنت، إن هذا بريد حسابه لدى {service}. أكّده خلال {hours} وأنت مسجّل الدخول إلى ذلك الحساب.',
    'Confirm this address': 'أكّد هذا العنوان',
    'Your address at {service}': 'عنوانك لدى {service}',
    'Somebody wanted to use this email address for another account at {service}. It is the address of your account, and stays that.':
      'أراد أحدهم استخدام هذا البريد لحساب آخر لدى {service}. إنه بريد حسابك ويبقى كذلك.',
    'If that was you, sign in to the account that has this address, and remove or change it there first.':
      'إن كنت أنت فسجّل الدخول إلى الحساب الذي له هذا العنوان، وأزله أو غيّره هناك أولًا.',
    'Your email address was changed': 'تغيّر بريدك الإلكتروني',
    'The email address of your account is {email} now; mails go there.':
      'بريد حسابك الآن هو {email}، وإليه تُرسل الرسائل.',
    'If that was you, there is nothing to do. If it was not, undo it within {days}: your account gets this address back and is signed out everywhere. Then choose a new password.':
      'إن كنت أنت فلا حاجة إلى شيء. وإلا فتراجع عنه خلال {days}: يستعيد حسابك هذا العنوان ويُسجَّل خروجه من كل مكان. ثم اختر كلمة مرور جديدة.',
    'That was not me: undo it': 'لم أكن أنا: تراجع عنه',
    'If that was you, there is nothing to do. If it was not, change your password at once: it signs everybody out.':
      'إن كنت أنت فلا حاجة إلى شيء. وإلا فغيّر كلمة مرورك فورًا: فذلك يُخرج الجميع.',
    'If that was you, there is nothing to do. If it was not, write to whoever runs this site at once.':
      'إن كنت أنت فلا حاجة إلى شيء. وإلا فراسل القائمين على هذا الموقع فورًا.',
    'Your password was changed': 'تغيّرت كلمة مرورك',
    'The password of your account was changed, and it was signed out everywhere else.':
      'تغيّرت كلمة مرور حسابك، وسُجّل خروجه من كل مكان آخر.',
    'A passkey was added': 'أُضيف مفتاح مرور',
    'A passkey was added to your account.': 'أُضيف مفتاح مرور إلى حسابك.',
    'An authenticator app was added': 'أُضيف تطبيق مصادقة',
    'An authenticator app was added to your account.': 'أُضيف تطبيق مصادقة إلى حسابك.',
    'A passkey was removed': 'أُزيل مفتاح مرور',
    'A passkey was removed from your account.': 'أُزيل مفتاح مرور من حسابك.',
    'An authenticator app was removed': 'أُزيل تطبيق مصادقة',
    'An authenticator app was removed from your account.': 'أُزيل تطبيق مصادقة من حسابك.',
    'New recovery codes were made': 'أُنشئت رموز استرداد جديدة',
    'New recovery codes were made for your account; the old ones are worthless.':
      'أُنشئت رموز استرداد جديدة لحسابك، ولم تعد القديمة صالحة.',
    'A recovery code was used': 'استُخدم رمز استرداد',
    'Somebody signed in to your account with one of its recovery codes.':
      'سجّل أحدهم الدخول إلى حسابك بأحد رموز الاسترداد.',
    'Your account can now be signed in to with an account of another site.':
      'يمكن الآن تسجيل الدخول إلى حسابك بحساب في موقع آخر.',
    'An account of another site was unlinked from your account.': 'فُك ارتباط حسابك بحساب في موقع آخر.',
    'Your ways to sign in were reset': 'أُعيد ضبط طرق تسجيل دخولك',
    'All passkeys, authenticator apps and recovery codes of your account were removed by whoever runs this site, and you were signed out everywhere.':
      'أزال القائمون على هذا الموقع كل مفاتيح المرور وتطبيقات المصادقة ورموز الاسترداد من حسابك، وسُجّل خروجك من كل مكان.',
    'Your account was removed': 'أُزيل حسابك',
    'Your account was removed, with all it held.': 'أُزيل حسابك بكل ما فيه.',
    'Sign-in failed': 'فشل تسجيل الدخول',
    'The sign-in failed': 'فشل تسجيل الدخول',
    'You were not signed in': 'لم يُسجَّل دخولك',
    'Try again': 'حاول مرة أخرى',
    'If it happens again, send these details to the people who run this application:':
      'إن تكرر ذلك فأرسل هذه التفاصيل إلى القائمين على هذا التطبيق:',
    'You, or a rule of the provider, did not allow this application to sign you in.':
      'لم تسمح أنت، أو لم تسمح قاعدة لدى المزوّد، لهذا التطبيق بتسجيل دخولك.',
    'This sign-in was not begun in this browser, or it took too long.':
      'لم يبدأ تسجيل الدخول هذا في هذا المتصفح أو استغرق وقتًا طويلًا.',
    'You are known to the provider, but what you want to do needs a stronger sign-in than it made.':
      'المزوّد يعرفك، لكن ما تريد فعله يحتاج إلى تسجيل دخول أقوى مما أجراه.',
    'You have to sign in again for this, and the provider did not ask you to.':
      'يجب أن تسجّل الدخول من جديد لهذا، ولم يطلب منك المزوّد ذلك.',
    'This needs a stronger proof of who you are.': 'يحتاج هذا إلى إثبات أقوى لهويتك.',
    'This needs a more recent proof of who you are.': 'يحتاج هذا إلى إثبات أحدث لهويتك.',
    'The clocks of this application and of the provider are too far apart. You are not signed in.':
      'ساعتا هذا التطبيق والمزوّد متباعدتان كثيرًا. لم يُسجَّل دخولك.',
    'What the provider says about you does not fit into the cookie that this application keeps it in.':
      'ما يقوله المزوّد عنك لا يتسع له ملف تعريف الارتباط الذي يحفظه فيه هذا التطبيق.',
    'This application was asked for a sign-in in a way that it does not understand.':
      'طُلب من هذا التطبيق تسجيل دخول بطريقة لا يفهمها.',
    'This application does not sign in at the provider that it was asked for.':
      'لا يسجّل هذا التطبيق الدخول لدى المزوّد المطلوب.',
    'The answer came from another provider than the one that was asked.': 'جاء الجواب من مزوّد غير الذي سُئل.',
    'The provider’s answer could not be used. You are not signed in.': 'تعذّر استخدام جواب المزوّد. لم يُسجَّل دخولك.',
    'The sign-in service cannot be reached right now. Wait a moment, then try again.':
      'يتعذر الوصول إلى خدمة تسجيل الدخول الآن. انتظر لحظة ثم حاول مرة أخرى.',
    'Signing in does not work right now. Try again soon.': 'لا يعمل تسجيل الدخول الآن. حاول مرة أخرى قريبًا.',
    'You signed in, but this application did not see it. Your browser may be blocking its cookie.':
      'سجّلت الدخول لكن هذا التطبيق لم يره. ربما يحجب متصفحك ملف تعريف الارتباط الخاص به.',
  },
};

/** So many characters, where `{}` stands. */
function characters(sentence: string): Forms {
  const counted = (words: string) => sentence.replace('{}', words);
  return {
    by: 'count',
    zero: counted('{count} حرف'),
    one: counted('حرف واحد'),
    two: counted('حرفان'),
    few: counted('{count} أحرف'),
    many: counted('{count} حرفًا'),
    other: counted('{count} حرف'),
  };
}
