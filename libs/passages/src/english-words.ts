/* eslint-disable max-lines -- a list */
/**
 * 5,000 English words, the most frequent first; contains neither names nor words that a game for everybody leaves out.
 * Order: SUBTLEX-US, how often a word is used in spoken English (Brysbaert and New, 2009). Words: SCOWL, sizes 10 to 35.
 */
export const englishWords: readonly string[] = `
you the to a it that and of in me is we this he on for my your have do be know was not can are all with just
get here but there so they right like out go she up about if him got at now one her want think good see did
who as his will going from when back time look take an man them would been some tell or us had were say could
something really down then little way our make too never by over more need mean very off sorry give has love
said am people please sure any thing only because two should doing much sir help anything these even night
call talk nothing into first find wait put great thought day work life before better again still home guy won
those than around other away new last ever stop keep told must things big after long does always their
everything nice name money guys feel believe old place fine kind lot years made leave girl hear father through
every bad remember three boy coming wrong might stay house may baby another wanted enough talking happened
show course being care done getting mind left ask car understand mother which try came own world guess next
else trying someone real room morning hold woman yourself today looking friend move same job tonight went son
best saw found pretty ready heard whole seen together minute men head matter knew many idea without play
family meet most run while wife once live somebody everybody used use myself took yet start called tomorrow
happy school problem watch bring actually business says hope open already since looks sit cause alone hard
wants stuff turn days friends until few kids honey gone both door later saying such having face worry ago five
second brother case thinking probably beautiful hand check year forget hit lost minutes crazy late phone end
easy doctor under part deal soon four anyone pay happen true each supposed eat mine working town afraid drink
exactly whatever hurt knows heart gave young everyone chance read makes number taking change anyway week
married point hands police word fun wish bit game party set cut comes sleep anybody stand water boys trouble
dear couple gets making eyes break story far times close means funny goes lady asked walk hours hate rest
person inside waiting different least important also line yours office dinner quite against side six half pick
question ahead cool women body high husband reason almost dog buy truth met telling hot behind started speak
bed moment tried shall along either though front sister send welcome sometimes trust free book answer between
children war fact brought clear bet its white glad daughter outside city feeling seems full till light news
lose wonderful months save hour country needs able perfect running child order living sounds alive food
gentlemen luck hair drive promise music power sort special serious street red dance hang touch team playing
company pull plan sweet ten coffee lucky sound safe date leaving parents himself seem lives air taken picture
ladies sent fast happens catch ride win kidding top scared dream sign meeting sense beat control drop cold
weeks darling figure king poor throw asking write cannot suppose small human piece boss hospital past calling
known follow movie straight words clean kiss looked feet evening million lie felt moving certainly step learn
fall questions finally takes class quiet wonder law become worked rather possible unless absolutely tired road
eye except somewhere explain less none loved giving seeing secret wear worth act careful quick handle pass
early report state busy turned table wake works broke ball seven mouth marry meant fault lunch expect future
paper officer hotel buddy thinks talked blue mistake ones wedding clothes weird changed court floor watching
building earth dude others longer forgot finish ship club attention eight worse pain sing choice birthday
stick relax yesterday honor smart boat plane month lovely given train fair worried needed sitting security
cover across bag terrible caught song spend horse ring sell return personal message system afternoon happening
tough quit count box missed present kept charge information fool simple middle calm surprise forever decided
dark anywhere miles swear land missing cute lying master dress strong key fix interesting wearing strange
voice rock cop window bar totally interested appreciate army paid short record bought card certain college fly
evidence bank completely ran cops test history finished born proud fish join lead smell near apartment enjoy
letter situation trip store amazing star accident imagine pleasure ought list rich calls service entire
difference judge ice lawyer instead age station realize gold seat liked hundred summer dollars standing mess
radio hungry problems marriage brain soul forgive deep figured likes girlfriend folks slow private during
definitely stopped partner walking area dangerous offer scene third upset bus owe shoes driving group kick
evil joke fell truck teach ground green loves cash forward honest boyfriend park single position respect
broken wrote public grab fighting art favor upstairs wall force seconds jail push prove normal protect machine
field spent feels speaking named jump starting saved nose hide sun peace share moved picked thousand holding
using tape suit pictures putting involved gas books relationship neither nine rules bother especially nervous
whether stuck round cat breakfast space lived prison carry cry smoke arm film government tree foot contact
knock agree pardon gives gift dreams hat sake sweetheart board seriously department patient awful sad
wondering roll beginning usually grand laugh listening doubt upon double twice whose plenty guilty promised
fired race chicken bathroom spot reading orders weekend action eating glass type experience obviously wine
press difficult lots rid sea arms flight staying arrest neck grow mention favorite wind sleeping notice admit
extra within low impossible computer bunch blame pants visit clock tea fellow kitchen lay guard learned smile
feelings fit pal bear often wild silly camera begin reach beach heaven lock leg quickly lights worst played
plans bucks suddenly writing track teacher ridiculous legs river dare raise surprised decision cross cost
queen fresh innocent emergency medical dancing cell gotten seemed closed names walked hanging note shop nuts
band losing price steal waste client stole crying pressure code places dogs accept further excellent magic
drinking keeps corner consider ourselves herself acting locked laughing address copy tells warm sold pregnant
hall treat everywhere papers complete cup ways level passed witness taste hardly camp keeping keys beg duty
interest tight helping bottle support flying decide turns moon bottom hoping conversation hero asleep final
continue match apologize trial spirit willing chair risk study possibly rain above cousin pulled cream dropped
excited memory breathe huge search greatest beauty lately rule build choose cards advice immediately teeth
became coach flowers showed crew driver heavy trick empty comfortable brothers mission apart pool dressed
helped checked restaurant shirt simply dig size stars movies necessary themselves credit starts center bridge
practice closer discuss cars cook ticket strike stage animal bird leaves sight somehow following knowing
career nature responsible cake famous nurse correct breath games allowed sky bringing hearing singing account
due common afford tie bright allow belong concerned escape suspect written skin file madam fill operation desk
taught pack lied faster deserve danger meat command stories tickets paying hiding perfectly whoever beyond
student dry jury form main heads program milk held horrible feed natural breaking battle coat settle opinion
terrific older gentleman noticed loose local lonely shame shows large video speed military built shower oil
opportunity chest horses biggest threw bite wash stone block records indeed invited turning draw attorney
pretend health heat manager guest loud itself fantastic cares shake numbers lab princess island easier earlier
bell suggest wet pig letting nowhere animals cheese ideas downstairs soldier monster several planet insane
eggs spoke view opening lines insurance split jealous bullet arrived character national screaming speech
airport condition target finding serve incredible sugar player signal total selling hill football page justice
letters rough hurts project crowd meaning planning pair science usual sees sooner ordered subject remind
strength mail paint freak bedroom onto neighborhood personally finger spell ghost doctors fake release weight
cheap market pray expecting unit signed falling throat lake nor realized director agreed truly brilliant cab
powers prepared candy pocket legal aware roof slept mountain base ours firm whom trade romantic liar fan
training brings powerful whenever sending language purpose believed bless pieces arrested noise fancy exciting
genius introduce forgotten rent familiar doors proof vote recognize stolen weather drinks medicine lift issue
followed mood male among television regular nights opened someday stomach yellow ate nearly scare village
prepare matters pizza monkey sudden assume heading toast ears jacket thoughts social travel sometime property
expected fingers remain bodies secretary magazine jerk glasses dating research freedom add damage repeat
handsome hired prefer buying society energy vacation chase divorce stayed defense rat picking began checking
reasons goodness post confused telephone surgery contract safety tall fixed professional lesson tiny assistant
points understood runs license model gate soft ear riding staff warning engine planned map swim harm square
silver brave access positive covered female someplace streets blew weak season rush awesome snow spring spread
champagne pounds mayor winner lips leader showing permission bath storm spare destroyed tour headed trees
students ends burning bones kicked appointment mentioned score shoe ocean reality shape survive gang saving
style farm shopping clearly growing example answers gosh rings alarm plays screwed schedule fortune enter
bleeding punch ended patients rights invite obvious charges touched interview affair parts wherever
unbelievable focus chocolate borrow grew grade finds statement mate load painting throwing community waited
loss barely woods changes details yourselves exist chances drove meal dump disappeared member shock discovered
pie artist sat theory depends bags joy ruin pleased traffic kissed wise nonsense pink carrying burned midnight
deliver bread officers dealing original hated source received hung cases switch charming decent below process
desert expensive belongs particular moves higher lower breathing grandmother pride thousands dollar witch tip
soldiers jobs plant surely sports bust including birth wire bull brains towards rise boring ashamed sisters
section facts smells clever honestly success garage filled physical connection complicated pulling regret
closet giant wheel parking policy tear stranger wood fate juice governor tied faces awake fought coast pilot
miracle lover aboard files based disgusting grateful mighty garden watched forced drag fourth scream event
woke row actor grave changing senior curious flat winter badly shoulder scary super priest sword smoking chick
offered closing concern talent garbage mostly attitude bone recently friendly egg basically quarter engaged
thee rooms passing swing available slip knees birds bike hunt caused taxi stood likely object hates percent
raised guests desperate dirt plate negative cooking distance tank data request ruined hire knowledge golf
falls cow dawn stock equipment reports conference rescue sale claim silence audience warn mercy proper create
universe baseball soup outfit slowly yard grown loving pure rate celebrate piano uniform pills stealing
spending returned location duck doll amount healthy reached knocked walls pen steps younger attractive notes
fail path poison wanting naturally happiness eventually channel elevator thy belt secure grandfather avoid
penny thief laughs guards bride pathetic mirror partners dozen becomes direction gorgeous direct odd theater
led committed march puts official members treated effect tail vision secrets talks dust wide sharp aside
stairs deck guts extremely unusual lousy newspaper courage apple terribly fishing carefully hitting writer
pulse edge pity protection couch tests staring created screen appear winning precious windows studio kissing
rob golden frightened owner royal intend considered parties cast prisoner popular destiny robbery silent
federal hearts mystery nerve library toward busted becoming rocks practically embarrassing photo tower armed
shift friendship maid wallet package range flower beating results steady rope cleaning exact image vehicle
turkey easily jungle sensitive suffer millions remembered trash thou ambulance behavior nightmare prize per
tears snake families terms orange media foreign wasting memories songs material expert cutting advantage rude
flesh disappointed guarantee signs committee kinds punk downtown sandwich marks mistakes sweat political panic
cents plain performance stops union seats hundreds cable separate underwear ancient moments setting rolling
castle delicious value circle miserable bills glory squad manage counting bowl zero victory stands embarrassed
creature deny basketball mixed route continues rare yelling holiday hidden ill helps directly progress remove
wave authority chain highly wore emotional hunting shadow jumped gray skip estate appears basement agents
minds pleasant mile clients refuse approach disappear speaks district bug rabbit champion stopping proceed
competition presence leading forces century cure capable convinced swell warrant threat therefore bury
services shine diamond bat alert chip transfer thrown sentence fabulous pushed nation jokes reporter booth
casino successful learning possibility awfully sand bow cage wolf units wing exchange trapped thin bored pet
rip series drama homework hills carried entirely zone explanation spy assure hits collect swimming bang print
launch useless delivery journey fever photos sport challenge loan spoken routine soda teaching trunk mask
leads result passion purse served argue climb cats witnesses beef recall wings mental cabin ships script solid
article education salt solve confidence frankly receive metal settled suffering escaped anger agency detail
trace pipe wins supper effort studying hug enemies treatment commit reputation intelligence troops custody
ability site fifth trail palace pushing stays hop boots owns attempt houses lawyers mouse hurting stronger
ease bout considering ordinary presents impressed ripped customers laundry treasure revenge odds tricks cowboy
nuclear motion mall virus forest sounded trained scratch breaks potential fifty defend contest plastic fashion
cap interrupt latest convince issues cheer arrive chose supply surveillance ignore nail mountains league vice
figures joking loaded coincidence messages cheating quality title impression particularly reasonable division
tiger therapy museum steel minister bound standard wishes yell dreaming anniversary reminds shy walks cruel
seek chasing cancel prime former smooth socks dates modern surface lifetime role curse eaten chosen gym motel
enjoyed collection device noon blowing sons reward degrees lets bothering bars dumped iron cameras express
sacrifice cookies assignment tunnel highway insist guide slide specific wrap cleaned wagon prom lack
cigarettes packed exercise defendant cheat bullets kit background ringing clue suits concert temple ranch
designed planes vampire foolish agreement darkness flag tent rotten term alien provide touching patch snap
believes imagination bail actual incident released disaster connected fully mass comfort smiling border fuel
legend players crossed electric demand opera circus current trauma diamonds enjoying neighbors laws salad
prints argument describe starving impressive neighbor fallen sink council screams sneak wipe trigger events
tone toy youth crush factory trusted instance searching grass campaign wasted tracks goal messed asks generous
cookie violent humor crisis average liberty suite slipped opens rats systems stake managed nephew gambling
threatened politics begins occasion gentle unhappy network cleared joined confession charity finest offense
judgment headquarters shout filthy surgeon tube math operator kidnapped pin personnel mix alley dancer dealer
humans hoped reaction chat depressed underneath commercial behave version fantasy chill chips steak gloves
worrying sides dropping struck design honeymoon experiment identify blast arranged classic quarters delivered
procedure spirits crystal perform response divorced prisoners greater fence poker normally powder landing
protecting drawing actress gear advance suspicious locker civil sin ending classes marrying blown selfish
personality banks fed dough deserves warned confess tries solution ceremony clown helicopter costs prayer
forth apology dressing invented hers accepted entrance strip boxes singer gather concentrate instructions
satellite deputy daily nut stress tune valuable pretending kicking merely sauce guitar sighs basic charm belly
exit blows net voices romance patrol pitch arrange satisfied makeup teams surrender strangers rub whistle
visiting wives bum kingdom hip flew hood dreamed patience junk earn flash lion frozen robbed decisions holes
uses badge offering financial answered officially opposite customer soap privacy beside unknown painful
represent anyhow lessons reported pour testing champ hopes twins meantime fascinating squeeze furniture rice
bend beats begging host mysterious blocks sore timing balance shark technology sets angle wondered guilt yards
invitation degree knocking checks urgent aim movement mud review influence freaking souls tap seal product
testimony broad status skull films knee stretch territory recording listened entered affairs spin relief noble
sample shouting angels skills rifle tax chicks sticking deaf port technically literally habit pattern foul
occurred charged removed deeply option confirm beans lad coward brief benefit gifts awkward liver drives holds
jumping flip ward counsel debt gal corn traveling testify shown cared tragedy childhood facility roses cotton
admire brush homes self towel pro jet costume lightning bush anxious respond headache frame washed ghosts
flies supplies pays answering attend options dessert sacred afterwards recommend schools rubber clinic thick
remote skinny cave brand polite culture fans claims painted blonde theme counter darn conscience aid pound tag
oxygen religious machines religion construction combat audition blessed sweater laughter commission shave
temperature dame flow drill principal sail gain packing crown granted tradition wreck unique species zoo poem
similar pages bugs tennis sticks muscle chop ad leather barn cherry tooth counts jam cheering emperor
intelligent moral confirmed lap steam punishment adventure sheep exam gates gum suitcase demons struggle equal
operate bottles poetry replace fools grabbed smaller freezing possession citizen thunder halfway abandoned
wheels session wicked pigs surrounded interests heavens digging fellows paradise palm motive shove magnificent
pit toys waves shell cattle hut stink waiter pile tracking basket nurses determined whip motor marvelous
musical bells sire parent missile recent useful hooked complex monitor incredibly organization backwards
prevent accused engagement messing temporary rap goose chuckles limit phones tapes despite propose superior
appeal drawer blade cried blanket identity eleven maintain refused survived delighted inches cigar mob matches
sack properly clerk appropriate shaking resist activity profile parade scout lamp award stepped suffered drank
exhausted heroes mistaken minor fits comment hatch landed approaching handled authorities environment
medication fighter wears expression manners beloved chamber effects task catching capital sales conditions tub
lobby toe earned highest string empire eats developed description nap pump production stations inform deeper
con actors passes related twist beard typical pole bid remarkable complain creatures soccer insult apply toes
plates happier acts choices slap sheets hammer producer neat suspects rehearsal covering rear breasts railroad
informed battery editor toss diner sailor inch tire bump lawn invisible peanut quietly fond purple phase
convention revolution excitement goods item thus forgetting thirsty stinks episode cheated pan passengers tend
fooling pockets cruise coma critical development tragic attached placed sharing handy graduate suggestion
advise mothers signature dismissed accent labor scientist robot behalf actions entry discussion helpful
permanent buddies generation assigned captured brass permit widow kidnapping upper dull dime retired
psychiatrist joining discover crawl fights vault underground lemon bargain loyal tale tastes beaten precisely
combination citizens employees log cells tattoo basis fields link needle jazz chef mistress racing treating
dishes attracted bacon psychic unfortunate chapter sunshine farmer rocket thumb pill frog comedy intended
wrapped shoulders operations weed feeding threatening owned tables transferred beings cloud boats explained
shocked dated dining policeman pops undercover serving individual existence hid fries picnic industry engineer
chopper reckon lend loyalty splendid workers shelter management carpet divine spoil introduced troubles
beneath sheet appearance lazy plot ham returning betrayed employee medal dragged reporting manner entering
waitress hockey destruction entitled visual fingerprints sends newspapers active dish denied puppy electricity
discovery unconscious cuts perfume shadows temper operating pillow talented teachers companies roommate stones
bears safer approve promises forms defeat scientific elephant handling assumed alike photograph chemical
trailer heal absolute studied practical rage shrink serial slightly potato applause necessarily exists
paintings raising whale peaceful creep warden lovers complaining immediate straighten gig transport dentist
include laying affect bitter creepy helpless reception boot billion ages annoying tools luggage brandy
assuming safely disturb conduct potatoes nest wisdom function massage thrilled produce boarding jewelry
analysis nails delay limited register reverse shed election intention nerves profit fetch lick column extreme
assistance booze worker emotions verdict lame promotion airplane rhythm rounds everyday protected honored
stubborn torn smarter concept clothing waters pumpkin grief comic suggesting dignity sixth computers instant
commitment monsters understands proved bits passenger strictly acted facing throughout lip creative salary
tool required marked eternal tissue rod guessing subway campus laughed bowling arguing confident paranoid
homeless engines drawn require privilege barrel lamb wizard worries executive fund twisted separated drown
multiple capture lungs statue traitor fleet consequences discussed begun kindly exposed payment compared
measure adorable tested countries goat pork bets effective candles collar shared lecture accounts root
publicity passport parked fixing grounds blond dice parole witches celebrating believing salesman twin
bothered paperwork booked plug clubs crashed rumor rug unlike meetings rode freaked lean cooperate colors bee
worthy spots levels wrist enormous obsessed punished misery sunset reservation suggested announcement drops
curtain driven locate specifically fooled identified relieved compliment stiff unable magazines naughty sum
blues ballet spotted tense random burger album concerns happily corporate intense impress praying chickens
slight questioning raw borrowed priority organized structure brick fried complaint snakes registered leak worm
warrior survival bleed louder sober glove document dynamite spider worn branch shortly deserved relatives
budget envelope novel overnight bucket clouds experienced nicely belonged heels application daughters
buildings warehouse stare sits massive menu skirt acid butler signing inner scholarship provided constant
causes solved visitors counselor tanks imagined festival depend practicing screwing celebration examine chairs
oath bachelor pencil trucks ashes causing confusing arrangements unfair internal ties bounce shining burden
core humble dummy graduation championship deals explode appeared retire dramatic observe raining roast silk
photographs differently announce fires bartender ransom surprises suspected sealed gut dresses investment
seventh taxes dock coin necklace lit bait hats bald blessing absurd blank demands humanity filling sworn grip
directions copies fee scientists kidney punish atmosphere bench polish ape added cracked connect spray
pancakes gathered floating losers porch tires aliens develop sandwiches requires positions autopsy sorts
adults terrified quote daylight burnt pace plants mortal envy hallway relations interfere characters signals
bearing niece mill loses cooked delicate strikes scale prayers sweep stores therapist previous grows towels
retreat scheduled investigate awhile cent chart helmet succeed arrangement fathers strategy farewell physics
fog aircraft discussing severe tons impact shorts scan sailing cows types maniac chaos triple civilian oldest
covers owes flush documents cellar independent studies danced vessel alternative height reveal meets volunteer
deed upside glorious debate handed faint worthless stinking error ladder physically groups telegram whatsoever
hears resources arts web poet gasps hint arrives delightful amusing bonus stunt closely fairly located picks
rumors horror admitted fears tips codes rented betray snack holidays conclusion faithful wars popcorn
photographer somewhat population phrase magical recovery thieves penalty tournament disturbing damaged outer
described chew crawling washing roads discipline explains profession cart flame perimeter wax coffin ultimate
kindness gently barking cargo vampires recognized associate coroner sock certificate diary swamp closest
preparing lighter stall broadcast kings appetite crowded various hopeless areas planted technique obey fluid
hostile gamble ritual barbecue dug sins whack motorcycle contrary weakness auction tender oven spiritual
leaders worlds journal dial storage advanced grades models constantly embarrass repair quitting fork reunion
accidentally apologies filed lipstick pepper unexpected recovered rolls cities cough proposal protest waking
returns mankind hurricane visitor swore infection wrestling reads cease beam crossing conflict shirts primary
objects cannon flu shrimp deer samples chemistry balloon stuffed excuses harmless fame tin throne requested
drain fold electrical morgue rig activities distant tan petty vicious symbol briefcase vulnerable beds sleepy
convenient increase forbid tension seated reporters solo hack raid scares display threaten burst curiosity
slice transmission communicate butcher candidate gallery invasion wee lunatic rank robe laser regarding rolled
spoiled senses spill values reference scar compete drum ducks disappoint chased crushed tremendous nickel
madness affection retirement resistance dizzy betting adopted software rising thrill recorded anonymous
haircut lads determine approval fry instincts scenes sequence inn refrigerator courtroom compare sympathy
ceiling ribs judges alibi wig nearby indicate pointing bare cabinet civilization cane generally formal jar
plague reminded tore emotion apples arrival prior philosophy freaks scores fur infected footage qualified
replaced residence writes phony tossed smash native illusion depth wished technical convicted lung visions
fortunate perspective sweating mature sources sang radiation yacht larger genuine strings shield insisted
deeds dedicated judging autograph trains established minimum presume traditional pad doomed courtesy kicks
scandal slaves improve sleeps capacity girlfriends instrument abandon allergic whispering pony ski needing
reaching artists versus hose messenger mole missiles breeze stream rash tray exception recover devoted
disgrace pale couples worship candle ankle surgical circles dreadful manual bubble tuna pod cooperation
eternity floors symptoms grandson rainbow password scaring existed watches searched dip tricky depression tuck
chapel aggressive sickness forgiveness batteries monkeys author decides popped smelled meals sneaking proves
pulls skill businessman finishing focused connections wandering contacts whisper uniforms duties largest
climbing proposition method hustle wiped mere ditch images lounge minus prosecution formula backs accurate
assist forehead attic arrow votes defending saddle groom flattered destroying thoughtful shiny exclusive
kisses controls disguise bracelet relative rack cue soil gossip grounded hamburger sausage embassy vital
creating institution husbands maximum addition theirs bore gratitude graduated principle aspirin liquid rot
arriving adore persons poisoned blackmail risky remembers expenses corporation rider shaft attempted receiving
interrupting switched completed cans sunny auto insanity drowned importance inspired instinct passage terminal
groans magician sub content pickup zip unto pilots spite legally belief recipe spoon exhibit pointed stove
chains forbidden wired embrace declare seed nations masters karate react bold muscles peculiar violation
genetic trophy bass peanuts accomplished throws offended savings legitimate winds offers hunch nicer nearest
included backed ton ego centuries flames skies ink protocol jolly umbrella rum chili sings float mobile
carriage favors expense observation outstanding chess potion guessed dealt occur gesture contacted racket
aisle benefits receipt consent bathing concrete haunted advertising ruining income pipes anchor distracted
weekends logical heel cursed cousins wealthy prices prescription guidance heights monk efforts tops bothers
regard brutal fist tide freshman sharks pirate refer achieve owed ideal spinning puzzle resident precinct
lobster performed misses suspicion breakdown suspended casual agenda balcony melt casualties claimed bizarre
canceled clears celebrity panel armor begged follows jammed draft illness nightmares distress continued
gathering scheme factor elected whipped salute organ tick jewels boxing ordering liable honorable jewel mutual
standards honesty drowning bully presentation rally platoon inviting posted nailed limits annual notify trips
integrity wooden published scrambled drums rely quicker rides intentions reserve bounty prosecutor noises
cheek gracious folk savage ants occasionally fuss jaw substance attending disorder confusion sells weigh jelly
calendar carnival situations harsh fatal hysterical inspiration medium dearest fighters submarine haul strain
compound meters ridge buys expose lifted cooler gag sector herd caring nowadays sentimental pursuit objective
tales feds strict congratulate narrow smashed compromise experiences length sting cord guardian mule resting
beautifully closes smoked plead lonesome controlled relaxed cries automatic officials lands tobacco grunts
stepping satisfaction originally intimate wires shelf subjects nun tolerate blaming emotionally subtle
household volume grease stud voted hobby moonlight semester convincing compliments cleaner knives explaining
opposed elements servants speaker resort pervert myth fountain commanding crab currently domestic teenager
gravity label razor pledge bolt visited eager messy teenage slick eighth dispatch electronic sorrow clearance
chow clamp complaints collecting restaurants maintenance mug shovel bean plea avoiding hardware attraction
races coordinates sensible conscious pose slightest touches blocked troubled colleague experts nickname wakes
affected anxiety loop classified dudes spreading theft remaining obligation psych painter lottery referring
traveled items proposed driveway rarely hardest swallowed strongly confidential logic negotiate feast sponge
pirates preacher locks baked detectives scissors lodge respects accidents circuit possessed leap targets
drivers cigars bonds finals proven urge humiliated guaranteed wishing threats enforcement brakes galaxy
disagree endless greedy element vegetables feather dot disk rejected funds jeans bicycle withdraw frequency
mattress democracy tubes memo melody catches respected promising notion offices innocence copper warriors
dragging mice experiments coal gown ninth marching siren miracles pregnancy pier internet salmon architect
starboard carries declared hike registration charts gasoline survivors engineering detention doubts colleagues
risks vain pronounce clearing significant approved riot forgiven robbing kidnap explosives vows laboratory
airline morphine involve lined choke methods wardrobe naive phoned growth mustard mansion happiest stew ram
rabbits extend tearing pursue whereabouts creeps altogether reservations drift offensive discharge click
ginger quest hangs persuade cups healing literature psychotic customs canal carrier torpedo initial hereby
roots performing purchase regulations hay tribe earthquake spilled intact backing depressing frighten wealth
chap cereal peach convict shares surf counted establish outrageous breed companion lighting nursing bake
winners underwater pond lions absence tasty footsteps hairy shipping shipment settlement stripes crashing
deceased curtains worms global diving prophecy faced liking charging elegant bunk clues spark lease syndrome
velvet serves ignorant deliberately compassion scenario authorized bourbon timer figuring overtime define
straw coverage baggage scrub treats explore replacement clowns meter brat erase breach bluff cavalry ashore
assured unnecessary bedtime struggling overcome custom smiles horns stain wheelchair crib pine mines lasted
elsewhere hottest shocking civilized hospitals dental accountant camping definite starve applied fare engage
pudding yelled represents entertain swinging acknowledge elbow physician platform earrings essay habits
heavily ironic pinch products rendezvous den abilities stadium yen stack unpleasant vast cloth debts bathtub
lawsuit investigator journalist positively contain bumped isolated pounding creation fiction chorus invention
ketchup correctly protective antique sunrise hips comb bats noodles encourage directed cured bribe articles
dash musician surprising luxury rushing waits depending printed passionate exotic insulted furious principles
civilians vehicles voyage garlic differences generations eliminate sincere steer trading poster bubbles brake
shade supervisor scent confessed stereo costumes graves compartment slipping cracking boil shook conviction
ropes parlor peak writers pouring slack dances wit poisoning stamp flashlight spaghetti wolves colony lighten
reliable ignored stir shallow regrets groceries holler handwriting mortgage organs rib tomato pigeon skate
additional modest shorter sloppy humiliating pals destination hunger cycle courts biological glue coats
inspection ammunition harassment wander despair sofa universal probation revealed spends accomplish shaving
divide fastest feature poke housekeeper battalion documentary desperately pressed wonders sour fuzzy pajamas
muffin whales slam definition economy contracts vet martial chambers troop presented busting remembering
sweetest hilarious obliged spells streak directors tow trusting frightening variety classy tab vacuum disco
collected questioned occupied tasted blocking resent spine facial glow jealousy scored consistent wheat roller
orphan suing dam appreciated prettiest sticky owners janitor naval bodyguard handful nicest witnessed exposure
vegetable cuff millionaire towns era feathers flood automobile cakes chemicals crooked attract tease resume
accuse mentally database clip pets tails generator toad pressing feared announced spectacular lethal collapsed
obsession cafeteria masks scoop craft dolls crook onions crackers expedition entertaining travels inevitable
cozy seeking ultimately delight respectable shack orbit blamed adjust essence preserve farther fireworks
suction chauffeur tomb satisfy developing sleeve intent promoted relevant fade quarrel scope oak evacuate owl
difficulty fitting consult felony projects speeches rubbish knots presidential quantum encounter listed taller
heartbeat relieve defeated framed programs lust corridor vest shells
`
  .trim()
  .split(/\s+/);
