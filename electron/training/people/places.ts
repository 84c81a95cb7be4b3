/** A country for which people are invented: names in its script, and contacts of the shape used there. */
export interface Place {
  readonly women: readonly string[]
  readonly men: readonly string[]
  readonly families: readonly string[]
  readonly areas: readonly string[]
  readonly street: string
  /** Beginning of a mobile number in E.164, and how many digits follow. */
  readonly phone: readonly [start: string, digits: number]
  readonly bank: {
    readonly name: string
    readonly bic: string
    readonly iban?: readonly [country: string, digits: number]
  }
}

export const places: readonly Place[] = [
  {
    women: [
      'Almaz',
      'Tigist',
      'Hirut',
      'Selam',
      'Meseret',
      'Bethlehem',
      'Genet',
      'Aster',
      'Yeshi',
      'Mulu',
      'Rahel',
      'Zewditu',
    ],
    men: [
      'Abebe',
      'Dawit',
      'Tesfaye',
      'Girma',
      'Bekele',
      'Yonas',
      'Haile',
      'Kebede',
      'Solomon',
      'Fikru',
      'Mekonnen',
      'Tadesse',
    ],
    families: [
      'Alemu',
      'Worku',
      'Desta',
      'Tefera',
      'Assefa',
      'Negash',
      'Gebre',
      'Wolde',
      'Mengistu',
      'Lemma',
      'Ayele',
      'Demissie',
    ],
    areas: ['Adama', 'Bishoftu', 'Debre Birhan', 'Hawassa', 'Jimma'],
    street: 'Kebele',
    phone: ['+25191', 7],
    bank: { name: 'Bank of the Highlands', bic: 'HIGHETAA' },
  },
  {
    women: ['አልማዝ', 'ትዕግስት', 'ሰላም', 'መሠረት', 'ገነት', 'አስቴር', 'ራሔል', 'ዘውዲቱ'],
    men: ['አበበ', 'ዳዊት', 'ተስፋዬ', 'ግርማ', 'በቀለ', 'ዮናስ', 'ኃይሌ', 'ከበደ'],
    families: ['አለሙ', 'ወርቁ', 'ደስታ', 'ተፈራ', 'አሰፋ', 'ነጋሽ', 'ገብሬ', 'ወልዴ'],
    areas: ['አዳማ', 'ቢሾፍቱ', 'ሀዋሳ', 'ጅማ'],
    street: 'ቀበሌ',
    phone: ['+25192', 7],
    bank: { name: 'Bank of the Highlands', bic: 'HIGHETAA' },
  },
  {
    women: ['فاطمة', 'عائشة', 'مريم', 'زينب', 'خديجة', 'ليلى', 'سعاد', 'نور', 'هالة', 'رانيا'],
    men: ['محمد', 'أحمد', 'علي', 'حسن', 'عمر', 'يوسف', 'خالد', 'إبراهيم', 'سامر', 'طارق'],
    families: ['الحداد', 'النجار', 'المصري', 'الخطيب', 'العلي', 'حمدان', 'الزعبي', 'قاسم', 'الشامي', 'عيسى'],
    areas: ['إربد', 'المفرق', 'الزرقاء', 'الكرك'],
    street: 'شارع',
    phone: ['+96279', 7],
    bank: { name: 'بنك الوادي', bic: 'WADIJOAX', iban: ['JO', 26] },
  },
  {
    women: ['Awa', 'Fatou', 'Mariama', 'Aïssatou', 'Ndèye', 'Khady', 'Coumba', 'Sokhna', 'Rokhaya', 'Bineta'],
    men: ['Mamadou', 'Ousmane', 'Ibrahima', 'Cheikh', 'Moussa', 'Abdoulaye', 'Modou', 'Pape', 'Lamine', 'Babacar'],
    families: ['Diop', 'Ndiaye', 'Fall', 'Sarr', 'Faye', 'Gueye', 'Sow', 'Ba', 'Diallo', 'Mbaye'],
    areas: ['Thiès', 'Kaolack', 'Saint-Louis', 'Ziguinchor'],
    street: 'Rue',
    phone: ['+22177', 7],
    bank: { name: 'Caisse du Fleuve', bic: 'FLEUSNDA' },
  },
  {
    women: ['María', 'Rosa', 'Juana', 'Carmen', 'Lucía', 'Yolanda', 'Flor', 'Nélida', 'Sofía', 'Peña'],
    men: ['José', 'Luis', 'Juan', 'Andrés', 'Víctor', 'Julio', 'Ángel', 'Raúl', 'Iñigo', 'Óscar'],
    families: ['Quispe', 'Mamani', 'Flores', 'Rojas', 'Núñez', 'Huamán', 'Condori', 'Vargas', 'Cárdenas', 'Muñoz'],
    areas: ['Cusco', 'Puno', 'Ayacucho', 'Huaraz'],
    street: 'Jirón',
    phone: ['+5198', 7],
    bank: { name: 'Banco de la Sierra', bic: 'SIERPEPL' },
  },
  {
    women: ['सीता', 'गीता', 'राधा', 'सुनीता', 'कमला', 'मीना', 'लक्ष्मी', 'सरिता'],
    men: ['राम', 'हरि', 'कृष्ण', 'सुरेश', 'विष्णु', 'गोपाल', 'रमेश', 'दीपक'],
    families: ['शर्मा', 'थापा', 'गुरुङ', 'तामाङ', 'श्रेष्ठ', 'राई', 'मगर', 'अधिकारी'],
    areas: ['काठमाडौं', 'पोखरा', 'चितवन', 'धरान'],
    street: 'मार्ग',
    phone: ['+97798', 8],
    bank: { name: 'Hill Bank', bic: 'HILLNPKA' },
  },
  {
    women: ['Wanjiku', 'Akinyi', 'Njeri', 'Mwende', 'Halima', 'Chebet', 'Nafula', 'Kerubo', 'Amina', 'Zawadi'],
    men: ['Kamau', 'Otieno', 'Mwangi', 'Mutua', 'Kiprono', 'Wekesa', 'Barasa', 'Omondi', 'Juma', 'Kariuki'],
    families: [
      'Njoroge',
      'Odhiambo',
      'Kimani',
      'Musyoka',
      'Cheruiyot',
      'Wafula',
      'Nyambura',
      'Ouma',
      'Hassan',
      'Maina',
    ],
    areas: ['Garissa', 'Kisumu', 'Machakos', 'Turkana'],
    street: 'Plot',
    phone: ['+25471', 7],
    bank: { name: 'Rift Savings', bic: 'RIFTKENA' },
  },
]
