package dev.portcullis.seccomp.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/// Documents, and what Go's encoding/json makes of them.
enum GoReadingFacts {
  THE_LAST_OF_TWO("{'defaultAction':'a','defaultAction':'b'}", "{'defaultAction':'b'}"),
  EXACT_AND_FOLDED_ARE_ONE_FIELD(
      "{'defaultAction':'a','DEFAULTACTION':'b'}", "{'defaultAction':'b'}"),
  KELVIN_HAS_NO_FIELD_AND_LONG_S_HAS(
      "{'\u017fy\u017fcall\u017f':[{'name\u017f':['x']}]}", "{'syscalls':[{'names':['x']}]}"),
  DOTLESS_I_IS_NO_I("{'l\u0131stenerPath':'x'}", "{}"),
  DOTTED_I_IS_NO_I("{'L\u0130STENERPATH':'x'}", "{}"),
  UNKNOWN_IS_SKIPPED(
      "{'x':{'defaultAction':'y'},'defaultAction':'a','z':1e400}", "{'defaultAction':'a'}"),
  NULL_LEAVES_TEXT("{'defaultAction':'a','defaultAction':null}", "{'defaultAction':'a'}"),
  NULL_CLEARS_A_POINTER("{'defaultErrnoRet':5,'defaultErrnoRet':null}", "{}"),
  NULL_CLEARS_A_LIST("{'flags':['a','b'],'flags':null,'flags':[null]}", "{'flags':['']}"),
  NULL_LEAVES_A_STRUCTURE(
      "{'syscalls':[{'action':'a'}],'syscalls':[null]}", "{'syscalls':[{'action':'a'}]}"),
  ITEMS_ARE_READ_ON_TOP(
      "{'syscalls':[{'names':['a'],'action':'x'}],'syscalls':[{'action':'y'}]}",
      "{'syscalls':[{'names':['a'],'action':'y'}]}"),
  A_SHORTER_LIST_ENDS("{'flags':['a','b','c'],'flags':['d']}", "{'flags':['d']}"),
  THE_MEMORY_BEHIND_THE_END_COMES_BACK(
      "{'syscalls':[{'action':'a'},{'names':['b'],'errnoRet':7}],'syscalls':[{}],"
          + "'syscalls':[{},{'action':'c'}]}",
      "{'syscalls':[{'action':'a'},{'names':['b'],'action':'c','errnoRet':7}]}"),
  AND_MORE_THAN_FOUR_DO_NOT_CHANGE_THAT(
      "{'flags':['a','b','c','d','e','f','g'],'flags':[null],"
          + "'flags':[null,null,null,null,null,null,null,null]}",
      "{'flags':['a','b','c','d','e','f','g','']}"),
  AN_EMPTY_LIST_FORGETS("{'flags':['a','b'],'flags':[],'flags':[null,null]}", "{'flags':['','']}"),
  LISTS_IN_LISTS_KEEP_THEIRS(
      "{'syscalls':[{'args':[{'index':1,'value':2}]}],'syscalls':[{'args':[{'op':'x'},{}]}]}",
      "{'syscalls':[{'args':[{'index':1,'value':2,'op':'x'},{}]}]}"),
  A_WRONG_TYPE_IS_AN_ERROR("{'defaultAction':5}", "refused"),
  ALSO_WHERE_A_LATER_ONE_IS_RIGHT("{'syscalls':5,'syscalls':[]}", "refused"),
  ALSO_AMONG_ITEMS("{'flags':['a',1]}", "refused"),
  NOT_WHERE_IT_IS_SKIPPED("{'comment':5,'includes':7}", "{}"),
  A_NUMBER_IS_WRITTEN_IN_DIGITS("{'defaultErrnoRet':1.0}", "refused"),
  NOT_WITH_AN_EXPONENT("{'defaultErrnoRet':1e2}", "refused"),
  NOT_NEGATIVE("{'defaultErrnoRet':-0}", "refused"),
  OF_64_BITS(
      "{'defaultErrnoRet':18446744073709551615}", "{'defaultErrnoRet':18446744073709551615}"),
  AND_NO_MORE("{'defaultErrnoRet':18446744073709551616}", "refused"),
  HALF_A_PAIR("{'defaultAction':'\\ud800'}", "{'defaultAction':'\ufffd'}"),
  HALF_A_PAIR_BEFORE_ONE(
      "{'defaultAction':'\\ud800\\ud83d\\ude00'}", "{'defaultAction':'\ufffd\ud83d\ude00'}"),
  NO_CHARACTER_PER_BYTE(
      "{'defaultAction':'\u00e2\u0084'}", "{'defaultAction':'\ufffd\ufffd'}", true),
  A_KEY_WITH_ESCAPES("{'\\u0064efaultAction':'a'}", "{'defaultAction':'a'}"),
  NULL_IS_NOTHING("null", "{}"),
  A_LIST_IS_NO_PROFILE("[]", "refused"),
  NOTHING("", "refused"),
  SOMETHING_BEHIND("{} {}", "refused"),
  A_COMMA_TOO_MANY("{'flags':[],}", "refused"),
  A_BYTE_ORDER_MARK("\ufeff{}", "refused");

  private final String document;
  private final String decoded;
  private final boolean bytes;

  GoReadingFacts(String document, String decoded) {
    this(document, decoded, false);
  }

  GoReadingFacts(String document, String decoded, boolean bytes) {
    this.document = document.replace('\'', '"');
    this.decoded = decoded.replace('\'', '"');
    this.bytes = bytes;
  }

  byte[] document() {
    return document.getBytes(bytes ? ISO_8859_1 : UTF_8);
  }

  String decoded() {
    return decoded;
  }
}
