import Server

/// The program.
@main
enum Switchboard {
    static func main() async {
        SwitchboardCommand.prepareProcess()
        await SwitchboardCommand.main()
    }
}
