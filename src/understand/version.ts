// What is said of an earlier version: taken back, replaced by this one, or completed by it.

/** Takes it back whatever stands beside it. */
const TAKES_BACK =
  /撤回|撤稿|撤[下掉了吧走]|撤(?:个|一下)|(?:想|要|请|帮我?|先)撤(?!销|换|并|点|校)|抽回|退稿|当我没[发说投交提写]|就当没[发投交收]|弃权|回滚|删库|\bwithdraw|\bretract|\btake (?:it|them|th(?:is|at)(?: one)?|mine|my \w+) (?:back|off|down)\b|\bstrike (?:it|th(?:is|at)(?: one)?|mine|my \w+)\b|\b(?:not|n't) (?:to )?(?:go|be put|be taken) forward|\bpull (?:my|our|the) /;
/** Takes it back where it is plainly the sender's own mail that is meant: ideas discard paper cups with the same words. */
const DISCARDS =
  /撤销|取消|作废|收回|删[除掉了去]|拿下来?|拿掉|划[掉去]|抹掉|退出|不作数|(?<!算)不算数?(?=$|[,，。;；!！了吧])|不(?:必|用|要|需)?(?:再)?(?:登记?|参[加评]|提交|申报|上报|评|报|投|交)了?(?=$|[,，。;；!！、吧啦了罢\s])|(?<![分特])别(?:再)?(?:登记?|算|评|报|收)|先(?:别|不)(?:登记?|算|评|报|交)|不要了|算了(?=$|[,，。;；!！吧]|.{0,4}不)|不(?:想|打算)(?:再)?(?:交|报|投|参[加评])|\bcancel|\b(?:delete|disregard|ignore|remove|discard) (?:my|our|the|it|this|that)|never ?mind|not? (?:take part|participate)/;
/** The sender's own mail. */
const MINE =
  /我的|我们的|我那|[这那该][条个份篇封稿]|[两三四五六七八九几]条|上次|之前|刚才|刚刚|前面|前呈|昨天|昨日|今早|早上|前天|编号|[a-z]{2,}\d*-\d{2,}|投稿|稿件|征文|建议|点子|提案|总结|报告|方案|参评|申报|登记|\b(?:my|our|mine|idea|suggestion|submission|proposal|entry)\b/;
const KEPT =
  /(?:不|无需|没有?|不要|勿|别)(?:想|能|必|要|用)?(?:再)?撤|(?:建议|希望|能否|可否|应当?该?)[^,，。;；\n]{0,10}(?:取消|撤销|作废|删除|收回|退出)|如(?:果|若|您?不|无|有)[^。;；]{0,14}(?:请(?:予以?)?删除|作废)|打扰|如果?[^。;；\n]{0,16}当我没|不能撤|无法撤|撤不[了回]|do not withdraw|don't withdraw/;

/** A newer version, named: 修改稿, 以此为准, 用今天这份. */
const NEWER =
  /修改稿|修订稿|修正稿|更正稿|更新稿|改正稿|更新[版件]|修改[版件]|修订版|修正版|新版本?|新[一的][版稿份]|改[过好]的|改完的|修改(?:后|好|过|完)的?|重新?(?:改|写|做|整理)(?:了|过|好)[一的]?|最新[版的稿]|定稿|终稿|二稿|第[二三四五]版|第[二三四五]稿|(?:更正|改正|订正)(?:后|过)的?|以(?:此|这|本|附件|今天|新|下面|后[一面者]|现在)[^,，。;；\n]{0,8}为准|[请就改]用(?:这|今天|新|下面|附件|后[一面]|现在|本)|这[个份封次稿](?:才)?(?:算数|作数|为准)|请换下|[以用]本[版稿份](?:本)?(?:覆盖|替)|用(?:这|今天这|新|下面这|附件这?|后面这|现在这)[一个]?[份版稿个封]|(?:请|来|用[^,，。]{0,6})替[换下]|替[换下](?:掉|了)?(?:之前|原来|上次|前面|旧|原|昨天|那)|换成?(?:这|附件|新|一下附件|下面)|更换(?:附件|文件|稿)|代替(?:之前|原来|上次|昨天|那)|(?:前|上|旧|老|原|头)[一]?[稿版份件][^,，。;；\n]{0,8}(?:作废|不要|不用|弃|有误|有错|错|删)|弃之?不用|\brevised|\bupdated|\bnew(?:er)? version|\bsupersedes?\b|\breplac(?:e|es|ing) (?:my|our|it\b|th(?:at|is)\b|the (?:one|file|first|old|earlier|previous|version|attach)|yesterday)|\buse (?:the|this) attached|\bcorrected (?:version|copy|file)|\buse this (?:one|version)|\binstead of (?:the|my|our) (?:one|earlier|previous|old|first|last)|\bfinal version|\bv[2-9]\b/;
/** The same thing once more. */
const AGAIN =
  /重新?(?:提交|发送?|上传|上报|报送?|交|传|寄|递)|重发|再(?:发|传|交|报|寄|递)(?:您|你|给你们?)?一?[遍份次个封]|又发(?:了)?一?[遍份次]|[发传拿附贴挂放]错(?:了)?(?:文件|附件|版本|稿|一?[个份版]|$|[,，。;；!！])|(?:文件|附件|版本|稿子?)(?:[发传拿附贴挂放])?错了?|\bre-?send|\bsent (?:you )?the wrong|\bwrong (?:file|attachment|version)/;
/** Something that was left out of it. */
const LEFT_OUT =
  /忘(?:了|记了?|却)?(?:把|将)?[^,，。;；!！\n]{0,10}(?:附|贴|粘|挂|添加|加上|传|带|发|放|夹|拍|照)|(?:附件|文件|表格?|照片|图片?|材料|名单|附表)[^,，。;；!！\n]{0,6}(?:忘|漏|没(?:有)?(?:附|贴|粘|挂|加|传|带|发|放|夹|成功|上去)|未(?:附|能?上传|能?发|添加|成功)|落下|拉下|掉了)|漏(?:了|掉了?)?(?:附|发|贴|传|带|交|报|挂|夹|加|一[个份张页])|(?:没|未)(?:有)?(?:附上?|带上?|贴上?|加上?|挂上?)(?:附件|文件)|少(?:了|发|附|传|交|贴)(?:了)?[^,，。;；!！\n]{0,6}[份个张页件表图]|补一[份个张页段]|补(?:上|发|传|寄|送|附|贴|充|一[份个张下])[^,，。;；!！\n]{0,8}(?:附件|材料|文件|附表|表|图|照片|名单|数据|说明|说|几[个张页]|$|[,，。;；!！])|补(?:发|传|寄|附|充)(?=$|[,，。;；!！:：\s])|补充(?:附件|材料)|补上补上|没转附件|forgot (?:the|to|my) (?:attach|include|add)|forgotten attachment|missing (?:attachment|file|annex)|attachment (?:was|is) missing|(?:here is|attaching) the (?:missing|forgotten)|without the attachment|\bnow (?:it|they)(?:'s| is| are|'re) attached|this time with/;
/** Later, not with this mail. */
const LATER = /(?:改天|过几天|回头|稍后|晚点|以后|之后|等[^,，。]{1,10}|明天|下周)[^,，。;；\n]{0,8}$/;

export interface VersionTalk {
  withdraw: string | null;
  replace: string | null;
  supplement: string | null;
}

/** `isOurs`: the mail answers one of our notices, and is short: then what it drops can only be the sender's own. */
export function versionTalkIn(plain: string, isOurs: boolean): VersionTalk {
  const back = TAKES_BACK.exec(plain) ?? (isOurs || MINE.test(plain) ? DISCARDS.exec(plain) : null);
  const newer = now(NEWER, plain);
  // "前稿作废，以此为准" drops the older version only.
  const isDropped = back !== null && (newer === null || TAKES_BACK.test(plain)) && !KEPT.test(plain);
  return {
    withdraw: isDropped && (isOurs || MINE.test(plain)) ? back[0] : null,
    replace: newer ?? now(AGAIN, plain),
    supplement: now(LEFT_OUT, plain),
  };
}

function now(pattern: RegExp, plain: string): string | null {
  const said = pattern.exec(plain);
  return said && !LATER.test(plain.slice(Math.max(0, said.index - 16), said.index)) ? said[0] : null;
}

/** Plainly of something that was sent before, in a mail that answers none. */
const EARLIER =
  /(?:我|本人|我们|我[校馆科院局站队所])[^。;；!！\n]{0,16}(?:撤回|撤稿|撤下|撤了|收回|取消|作废|删[除掉了]|退出|不[交报参投])|(?:上次|上回|上周|之前|此前|先前|昨[天日晚]|前[天日]|前几天|前些[天日]|刚才|刚刚|今[早天]|早上|上午|下午|前一?[封份稿次条]|上一?[封份稿次条]|原来?[发交报投][的过]|已经?[发交报投]|[发交报投寄]过|编号|[a-z]{2,}\d*-\d{3,})[^。!！\n]{0,30}(?:撤|作废|取消|收回|删|拿[掉下]|划[掉去]|抹掉|扔了|不算|不要|弃|[写登发传拿附贴填弄搞]错|错了?|有误|不对|漏|忘|没[有附带加贴传]|少|改|更正|替换|为准|重新?发|补|登记|总结|报告|方案|点子|建议|材料|附件)|(?:请|麻烦|帮)[^。;；\n]{0,8}(?:撤回|撤稿|撤下)(?!了?(?:的|功能|按))|你们(?:给)?(?:我)?[^,，。\n]{0,6}(?:登|写|弄|搞|记)|\b(?:my|our|the) (?:earlier|previous|last|first)\b|\b(?:yesterday|earlier|just now)\b|\bi sent\b/;

export function aboutEarlier(plain: string): boolean {
  return EARLIER.test(plain);
}
