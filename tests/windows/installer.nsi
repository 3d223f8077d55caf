; The installer for one user of one PC: no administrator, Chinese, start menu and desktop, files of work packages open
; with the program. What it puts down is the program alone: county folders are never touched, wherever they lie, not
; even inside its own folder.
;
;   makensis -DVERSION=0.1.0 -DFOLDER=dist/四减四增 -DICON=build/app.ico -DOUT=setup.exe installer.nsi
;   setup.exe /S [/D=C:\place]      installs or upgrades without a question; uninstall.exe /S takes it away

Target amd64-unicode
!include "MUI2.nsh"
!include "FileFunc.nsh"

!define TITLE "“四减四增”县级填报系统"
!define PROGRAM "四减四增.exe"
!define COMMAND "sijian.exe"
!define KEY "Software\sijian-desk"
!define LISTED "Software\Microsoft\Windows\CurrentVersion\Uninstall\sijian-desk"
!define CLASSES "Software\Classes"
!define PART "sijian-desk.part"
!define RUNNING "程序正在运行，或文件正被占用。请先关闭“四减四增”的所有窗口，再点“重试”。"

Name "${TITLE}"
OutFile "${OUT}"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
InstallDir "$LOCALAPPDATA\Programs\四减四增"
InstallDirRegKey HKCU "${KEY}" "place"
BrandingText "${TITLE} ${VERSION}"

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 "ProductName" "${TITLE}"
VIAddVersionKey /LANG=2052 "FileDescription" "${TITLE}安装程序"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "LegalCopyright" ""

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEPAGE_TEXT "将为当前用户安装${TITLE} ${VERSION}，不需要管理员权限。$\r$\n$\r$\n已经装过旧版的，直接升级，填报数据不受影响。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!define MUI_FINISHPAGE_RUN_TEXT "打开${TITLE}"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

; Takes away what the program consists of, and nothing else; while it runs nothing at all: a file that runs cannot be
; opened for writing, so that both starters are asked before either goes.
!macro TryToOpen FILE
  IfFileExists "${FILE}" 0 +4
    FileOpen $0 "${FILE}" a
    StrCmp $0 "" +2
      FileClose $0
!macroend

!macro RemoveProgram UN
Function ${UN}RemoveProgram
  again:
    ClearErrors
    !insertmacro TryToOpen "$INSTDIR\${PROGRAM}"
    !insertmacro TryToOpen "$INSTDIR\${COMMAND}"
    IfErrors 0 free
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${RUNNING}" /SD IDCANCEL IDRETRY again
    SetErrorLevel 2
    Quit
  free:
    Delete "$INSTDIR\${PROGRAM}"
    Delete "$INSTDIR\${COMMAND}"
    RMDir /r "$INSTDIR\_internal"
FunctionEnd
!macroend
!insertmacro RemoveProgram ""
!insertmacro RemoveProgram "un."

Section
  Call RemoveProgram
  SetOutPath "$INSTDIR"
  File /r "${FOLDER}/*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortCut "$SMPROGRAMS\四减四增.lnk" "$INSTDIR\${PROGRAM}"
  CreateShortCut "$DESKTOP\四减四增.lnk" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${KEY}" "place" "$INSTDIR"
  WriteRegStr HKCU "${CLASSES}\.sijian-part" "" "${PART}"
  WriteRegStr HKCU "${CLASSES}\${PART}" "" "四减四增工作包"
  WriteRegStr HKCU "${CLASSES}\${PART}\DefaultIcon" "" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "${CLASSES}\${PART}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" open "%1"'
  ${GetSize} "$INSTDIR\_internal" "/S=0K" $0 $1 $2
  WriteRegStr HKCU "${LISTED}" "DisplayName" "${TITLE}"
  WriteRegStr HKCU "${LISTED}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${LISTED}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${LISTED}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${LISTED}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${LISTED}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${LISTED}" "EstimatedSize" $0
  WriteRegDWORD HKCU "${LISTED}" "NoModify" 1
  WriteRegDWORD HKCU "${LISTED}" "NoRepair" 1
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd

Section "Uninstall"
  Call un.RemoveProgram
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\四减四增.lnk"
  Delete "$DESKTOP\四减四增.lnk"
  DeleteRegKey HKCU "${LISTED}"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "${CLASSES}\${PART}"
  ReadRegStr $0 HKCU "${CLASSES}\.sijian-part" ""
  StrCmp $0 "${PART}" 0 +2
    DeleteRegKey HKCU "${CLASSES}\.sijian-part"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
