/**
 * Passwords that everybody tries first, compiled for Corsac: keyboard walks, words, names, teams, numbers. A word also stands for
 * itself with capitals, with usual letters-for-digits and with a short tail, which makes several thousand passwords of it.
 */
export const commonWords: readonly string[] = `
  password passwort passw0rd adgangskode kodeord contrasena contraseña motdepasse wachtwoord parola haslo senha
  losenord salasana qwerty qwertz azerty asdfgh asdfghjkl zxcvbn zxcvbnm qwertyuiop qwerty123 qazwsx qazwsxedc
  1qaz2wsx 1q2w3e 1q2w3e4r 1q2w3e4r5t q1w2e3r4 zaq12wsx asdf asdfasdf qweasd qweasdzxc qwer1234 qwe123 asd123
  zxc123 abc123 abcd1234 abcdef abcdefg abcdefgh abc 1a2b3c a1b2c3 a1b2c3d4 aa123456 a123456 a12345678 aaaaaa
  aaaaaaaa welcome willkommen velkommen bienvenue bienvenido letmein letmein1 login logon master admin
  administrator root toor guest user test tester testing test123 default changeme secret topsecret access system
  manager support service server oracle cisco mysql postgres database backup demo sample example temp temporary
  public private internet computer laptop office windows microsoft google facebook linkedin twitter instagram
  youtube amazon apple samsung android iphone nokia sony playstation nintendo pokemon pikachu minecraft fortnite
  roblox starwars iloveyou loveyou lovely lover love ilovegod ilovejesus jesus jesuschrist god angel angels
  heaven blessed faith hope grace mercy trustno1 whatever nothing something anything forever together always
  never monkey dragon tiger lion eagle falcon hawk wolf bear panda kitten kitty puppy doggie dog cat horse pony
  unicorn dolphin shark turtle butterfly spider snake scorpion phoenix mustang bronco buffalo rabbit bunny
  penguin peanut cookie chocolate banana orange cherry strawberry lemon ginger pepper cheese chicken pizza
  coffee whiskey vodka sugar honey candy cupcake pumpkin popcorn football soccer baseball basketball hockey golf
  tennis cricket rugby boxing racing liverpool arsenal chelsea manchester manutd barcelona realmadrid juventus
  milan bayern celtic rangers yankees lakers cowboys steelers eagles packers raiders redskins patriots bulldogs
  tigers warriors michael jennifer jordan thomas robert daniel andrew joshua jessica ashley amanda michelle
  nicole melissa samantha matthew anthony william george charlie maggie buster hunter harley ranger killer
  tucker sophie bailey oliver jasper max lucky shadow smokey sparky rocky buddy bandit lucy molly daisy princess
  prince queen king sunshine moonlight rainbow star starlight flower rose lily violet jasmine summer winter
  spring autumn january february march april june july august september october november december monday tuesday
  wednesday thursday friday saturday sunday superman batman spiderman ironman hulk thor wolverine avengers joker
  ninja samurai warrior knight soldier sniper shooter gangster pirate cowboy wizard merlin gandalf frodo
  hogwarts harrypotter voldemort dumbledore matrix neo trinity morpheus terminator rambo predator alien zombie
  vampire dracula ghost demon devil satan lucifer hell fire flame thunder lightning storm hurricane tornado
  blizzard ocean river mountain forest ferrari porsche mercedes bmw audi toyota honda yamaha suzuki kawasaki
  corvette camaro london paris berlin madrid rome vienna copenhagen stockholm oslo helsinki moscow tokyo newyork
  america england france germany denmark sweden norway canada mexico brazil australia india pakistan china
  russia europe africa freedom liberty peace power money dollar million business success victory winner champion
  legend hero magic mystery diamond gold golden silver platinum crystal purple yellow green blue black white
  pink red hello hello123 hola hallo bonjour ciao goodbye sorry please thankyou friend friends family mother
  father mommy daddy mama papa brother sister baby babygirl babyboy girl boy woman sexy hottie cutie sweetie
  sweetheart darling beautiful gorgeous pretty handsome cool awesome amazing perfect special crazy funny happy
  smile fuckyou fuckme fuckoff asshole bitch shit bastard pussy dick sex xxx porn guitar music rock metal
  metallica nirvana slipknot eminem beatles elvis madonna rihanna shakira justin bieber onedirection hannah
  montana barbie hellokitty mickey mouse minnie donald snoopy garfield tigger winnie simpsons homer bart naruto
  goku dragonball sasuke zelda mario sonic tetris student teacher school college university doctor nurse lawyer
  engineer police fireman army navy marine airforce pilot captain summer2024 winter2024 spring2024 autumn2024
  password2024 welcome2024
`
  .trim()
  .split(/\s+/);

/** Numbers that everybody tries first. */
export const commonNumbers: readonly string[] = `
  000000 00000000 0000 1111 11111 111111 1111111 11111111 111222 112233 11223344 121212 12121212 123 1234 12345
  123456 1234567 12345678 123456789 1234567890 0123456789 987654321 9876543210 87654321 7654321 654321 54321
  4321 123123 123123123 123321 1234321 12344321 123654 123789 124578 131313 135790 147258 147258369 147852
  159357 159753 1qazxsw2 222222 22222222 232323 246810 252525 258456 321321 333333 444444 456789 456123 555555
  55555555 5201314 520520 654123 666666 66666666 696969 741852963 753951 777777 7777777 77777777 789456
  789456123 852456 888888 88888888 963852741 987654 999999 99999999 101010 10203040 100200 102030 19841984
  20202020 142536 159159 147147 369369 741741 963963 314159 314159265 271828 007007 420420 911911 112358
  192837465 1029384756 19216801
`
  .trim()
  .split(/\s+/);
